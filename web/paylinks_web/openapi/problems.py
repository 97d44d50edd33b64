"""Which errors a call may answer: those of its class of access and its shape by rule, and those its verbs declare.

Status and code of a declared error are read from the one table in `web.errors`, its words from its own docstring.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from msgspec import Struct

from paylinks_core import errors as core
from paylinks_ports import errors as ports

from ..errors import FRAMEWORK, TABLE
from .operations import Operation

__all__ = ["Problem", "headers_of", "problems_of"]


class Problem(Struct, frozen=True, kw_only=True, order=True):
    """One error: a status, the word that machines read, and what it means."""

    status: int
    code: str
    text: str


Kind = type[ports.PaylinksError]

_UNEXPECTED = (
    Problem(status=429, code="rate_limited", text="Too many requests within a minute"),
    Problem(status=500, code="internal_error", text="Something broke; the answer tells nothing of it"),
    Problem(status=503, code="database_unavailable", text="The database is away; try again"),
)
_WRITES = Problem(status=503, code="maintenance", text="The system is under maintenance")
_INVALID = Problem(status=400, code="invalid_request", text="A field of the call is wrong; `details` names it")
_BODY = (
    _INVALID,
    Problem(status=400, code="invalid_json", text="The body is not JSON"),
    Problem(status=400, code="raw_card_data", text="A raw card number is in the body, where none is taken"),
    *(Problem(status=status, code=FRAMEWORK[status][0], text=FRAMEWORK[status][1]) for status in (413, 415)),
)
_UNAUTHORIZED = Problem(status=401, code="unauthorized", text="The call proves nothing, or not any more")
_FOREIGN = Problem(status=403, code="origin_not_allowed", text="The page that calls is not one that may")
_KEYS = (
    _INVALID,
    Problem(status=409, code="idempotency_in_progress", text="The first call with this key is still running"),
    Problem(status=422, code="idempotency_key_reused", text="This key was used for another call"),
)

_TOKEN: tuple[Kind, ...] = (ports.InvalidToken, ports.ExpiredToken, core.InvalidClaims, core.Superseded)
_PERMITTED: tuple[Kind, ...] = (core.Forbidden, core.ReauthenticationRequired, core.NoOrganization)
_ACCESS: Final[Mapping[str, tuple[tuple[Kind, ...], tuple[Problem, ...]]]] = {
    "public": ((), (_FOREIGN,)),
    "token": (_TOKEN, (_FOREIGN,)),
    "server": ((core.InvalidApiKey, core.NotKnown, *_PERMITTED), (_UNAUTHORIZED, _FOREIGN)),
    "capability": ((core.NotKnown,), (_FOREIGN,)),
    "session": ((core.NotKnown, *_PERMITTED), (_UNAUTHORIZED, _FOREIGN)),
    "salesperson": ((), (_UNAUTHORIZED, _FOREIGN)),
    "signature": ((ports.InvalidSignature, core.NotKnown), ()),
}

_PROVIDER: tuple[Kind, ...] = (
    core.UnknownProvider,
    core.ProviderNotAllowed,
    core.ProviderDisabled,
    core.ProviderNotConfigured,
    ports.CredentialsRejected,
    ports.ProviderUnavailable,
    ports.VaultError,
)
_CHARGE: tuple[Kind, ...] = (
    *_PROVIDER,
    core.CardDeclined,
    core.OutcomeUnknown,
    core.PaymentTokenRequired,
    core.RawCardRefused,
    core.PaymentInProgress,
    ports.Conflict,
)
_OPEN: tuple[Kind, ...] = (core.AlreadyPaid, core.PaymentInProgress, core.Superseded, ports.Conflict)
_PASSWORD: tuple[Kind, ...] = (core.InvalidCredentials, core.Throttled)
_MAILED: tuple[Kind, ...] = (ports.InvalidToken, ports.ExpiredToken, core.SignInRefused, core.UnfitPassword)
_CODE: tuple[Kind, ...] = (core.InvalidCode, core.Throttled, core.SignInRequired)
_ADDRESS: tuple[Kind, ...] = (core.AddressTaken, core.UnfitPassword)

_DECLARED: Final[Mapping[str, tuple[Kind, ...]]] = {
    "/api/token/generate": (*_OPEN, core.InvalidClaims, core.OrderExists),
    "/api/salesperson/links": (*_OPEN, core.InvalidClaims, core.NotKnown, core.OrderExists),
    "/api/checkout/initialize": (*_PROVIDER, *_OPEN, core.OrderExists, core.OutcomeUnknown),
    "/api/checkout/complete": (
        *_CHARGE,
        *_OPEN,
        core.NotInitialized,
        core.NotKnown,
        core.PaymentNotSubmitted,
        core.AmountMismatch,
    ),
    "/api/checkout/get-payment-token": (core.NotKnown, core.NotPaid, core.NoSavedMethod),
    "/api/upsell/create-session": (
        *_PROVIDER,
        core.NotPaid,
        core.NoSavedMethod,
        core.PaymentMethodMismatch,
        core.OrderExists,
        ports.Conflict,
    ),
    "/api/upsell/accept": (*_CHARGE, core.NoSavedMethod, core.NotCurrentOffer, core.SessionExpired),
    "/api/upsell/decline": (core.NotCurrentOffer, core.SessionExpired, core.PaymentInProgress, ports.Conflict),
    "/api/providers/": (
        *_CHARGE,
        *_OPEN,
        *_TOKEN,
        core.NotKnown,
        core.NotInitialized,
        core.NotPaid,
        core.PaymentNotSubmitted,
        core.AmountMismatch,
        core.NoSavedMethod,
        core.PaymentMethodMismatch,
        core.OrderExists,
    ),
    "/api/webhooks/": (core.InvalidInput, core.UnknownProvider, ports.VaultError),
    "/api/auth/register": (*_ADDRESS, core.RegistrationClosed, core.Throttled),
    "/api/auth/password": (*_PASSWORD, core.UnfitPassword),
    "/api/auth/password/reset": (),
    "/api/auth/password/reset/confirm": (*_MAILED, core.Throttled),
    "/api/auth/invitation/accept": (*_MAILED, *_PASSWORD),
    "/api/auth/reauthenticate": (*_PASSWORD, core.InvalidCode),
    "/api/auth/google": (core.SignInNotConfigured,),
    "/api/auth/facebook": (core.SignInNotConfigured,),
    "/api/auth/2fa/setup": (core.AlreadyEnabled,),
    "/api/auth/2fa/confirm": (*_CODE, core.AlreadyEnabled),
    "/api/auth/2fa/verify": _CODE,
    "/api/auth/2fa": _CODE,
    "post /api/admin/auth": (*_PASSWORD, core.NoOrganization),
    "post /api/salesperson/auth": _PASSWORD,
    "/api/admin/users": (*_ADDRESS, core.LastOwner, ports.Conflict),
    "/api/admin/organizations": (core.SlugTaken, ports.Conflict),
    "/api/admin/brands": (core.SlugTaken, ports.Conflict),
    "/api/admin/salespeople": (*_ADDRESS, ports.Conflict),
    "/api/admin/settings": (
        core.UnknownProvider,
        core.UnknownIntegration,
        core.NotConfigured,
        core.ProviderNotConfigured,
        ports.VaultError,
        ports.CredentialsRejected,
        ports.ProviderUnavailable,
        ports.Conflict,
    ),
    "/api/admin/domains": (core.DomainExists, core.InvalidInput, ports.Conflict),
    **{
        f"/api/admin/{name}/lists": (
            core.NotConfigured,
            core.UnknownIntegration,
            ports.VaultError,
            ports.CredentialsRejected,
            ports.ProviderRefused,
            ports.ProviderUnavailable,
            ports.Conflict,
        )
        for name in ("klaviyo", "maropost", "attentive")
    },
    "/domains/allowed": (core.NotKnown,),
    "/api/admin/webhooks": (core.EndpointDisabled, ports.Conflict),
    "/api/admin/orders": (
        *_PROVIDER,
        core.NotPaid,
        core.RefundExceedsPayment,
        core.RefundNotSupported,
        core.NotInDoubt,
        core.OutcomeUnknown,
        ports.Conflict,
    ),
}
"""What the verbs behind a path may refuse; the longest beginning of a call counts, which may name the method, too."""

_READS = (
    "/api/webhooks/",
    "/api/auth/google",
    "/api/auth/facebook",
    "/api/auth/2fa/setup",
    "/domains/",
    "/api/admin/klaviyo/",
    "/api/admin/maropost/",
    "/api/admin/attentive/",
)
_RETRY_AFTER = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})


def problems_of(operation: Operation) -> tuple[Problem, ...]:
    """List every error that a call may answer, by status and code."""
    found = {*_UNEXPECTED}
    kinds, problems = _ACCESS[operation.access]
    found.update(problems if operation.writes else (one for one in problems if one is not _FOREIGN))
    if operation.access in ("token", "capability"):
        found.add(_FOREIGN)
    if operation.body is not None:
        found.update(_BODY)
    if operation.writes:
        found.add(_WRITES)
    if operation.takes_key:
        found.update(_KEYS)
    if operation.is_list or operation.method == "post":
        found.add(_INVALID)
    if operation.parameters:
        kinds += (core.NotKnown,)
    if operation.writes or operation.path.startswith(_READS):
        kinds += _declared(operation)
    found.update(_problem(kind) for kind in kinds)
    unique: dict[tuple[int, str], Problem] = {}
    for one in sorted(found):
        unique.setdefault((one.status, one.code), one)
    return tuple(unique.values())


def _declared(operation: Operation) -> tuple[Kind, ...]:
    spellings = (operation.path, f"{operation.method} {operation.path}")
    beginnings = [one for one in _DECLARED if any(spelling.startswith(one) for spelling in spellings)]
    return _DECLARED[max(beginnings, key=len)] if beginnings else ()


def _problem(kind: Kind) -> Problem:
    status, code = TABLE[kind]
    return Problem(status=status, code=code, text=(kind.__doc__ or "").partition("\n")[0].rstrip("."))


def headers_of(status: int, names: Iterable[str]) -> dict[str, Any]:
    """Refer to the headers of an answer with a status, of those that the document describes."""
    wanted = [*names, *(["Retry-After"] if status in _RETRY_AFTER else [])]
    return {name: {"$ref": f"#/components/headers/{name}"} for name in wanted}
