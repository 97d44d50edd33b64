"""The one table from errors to HTTP: status and code of whatever a verb, a port or the framework may raise."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from paylinks_core import errors as core
from paylinks_ports import errors as ports

from .answers import ErrorAnswer

__all__ = ["FRAMEWORK", "TABLE", "HttpRefusal", "RateLimited", "error_answer", "handle"]

_log = structlog.get_logger()

TABLE: Mapping[type[ports.PaylinksError], tuple[int, str]] = {
    core.InvalidInput: (400, core.InvalidInput.code),
    core.InvalidClaims: (400, core.InvalidClaims.code),
    core.UnknownProvider: (400, core.UnknownProvider.code),
    core.UnknownIntegration: (400, core.UnknownIntegration.code),
    core.NotConfigured: (409, core.NotConfigured.code),
    core.ProviderNotAllowed: (400, core.ProviderNotAllowed.code),
    core.PaymentTokenRequired: (400, core.PaymentTokenRequired.code),
    core.AddressTaken: (400, core.AddressTaken.code),
    core.UnfitPassword: (400, core.UnfitPassword.code),
    core.InvalidCode: (401, core.InvalidCode.code),
    core.InvalidCredentials: (401, core.InvalidCredentials.code),
    core.SignInRefused: (401, core.SignInRefused.code),
    core.SignInRequired: (401, core.SignInRequired.code),
    core.Forbidden: (403, core.Forbidden.code),
    core.NoOrganization: (403, core.NoOrganization.code),
    core.ReauthenticationRequired: (403, core.ReauthenticationRequired.code),
    core.RegistrationClosed: (403, core.RegistrationClosed.code),
    core.AlreadyEnabled: (409, core.AlreadyEnabled.code),
    core.LastOwner: (409, core.LastOwner.code),
    core.SlugTaken: (409, core.SlugTaken.code),
    core.Throttled: (429, core.Throttled.code),
    core.SignInNotConfigured: (503, core.SignInNotConfigured.code),
    core.InvalidApiKey: (401, core.InvalidApiKey.code),
    ports.InvalidToken: (401, "invalid_token"),
    ports.InvalidSignature: (401, "invalid_signature"),
    ports.ExpiredToken: (401, "expired_token"),
    core.CardDeclined: (402, core.CardDeclined.code),
    core.NotKnown: (404, core.NotKnown.code),
    core.NotInitialized: (404, core.NotInitialized.code),
    core.RawCardRefused: (400, core.RawCardRefused.code),
    core.PaymentMethodMismatch: (403, core.PaymentMethodMismatch.code),
    core.NoSavedMethod: (409, core.NoSavedMethod.code),
    core.NotCurrentOffer: (409, core.NotCurrentOffer.code),
    core.DomainExists: (409, core.DomainExists.code),
    core.OrderExists: (409, core.OrderExists.code),
    core.SessionExpired: (410, core.SessionExpired.code),
    ports.InvalidSignature: (401, "invalid_signature"),
    core.AlreadyPaid: (409, core.AlreadyPaid.code),
    core.AmountMismatch: (409, core.AmountMismatch.code),
    core.EndpointDisabled: (409, core.EndpointDisabled.code),
    core.NotPaid: (409, core.NotPaid.code),
    core.PaymentInProgress: (409, core.PaymentInProgress.code),
    core.PaymentNotSubmitted: (409, core.PaymentNotSubmitted.code),
    core.NotInDoubt: (409, core.NotInDoubt.code),
    core.RefundExceedsPayment: (409, core.RefundExceedsPayment.code),
    core.RefundNotSupported: (409, core.RefundNotSupported.code),
    core.ProviderDisabled: (409, core.ProviderDisabled.code),
    core.ProviderNotConfigured: (409, core.ProviderNotConfigured.code),
    core.Superseded: (409, core.Superseded.code),
    ports.Conflict: (409, "conflict"),
    ports.UnknownCurrency: (400, core.InvalidInput.code),
    ports.VaultError: (500, "credentials_unreadable"),
    ports.CredentialsRejected: (502, "provider_error"),
    ports.ProviderRefused: (502, "provider_error"),
    ports.ProviderUnavailable: (502, "provider_unreachable"),
    ports.StorageUnavailable: (503, "database_unavailable"),
    core.OutcomeUnknown: (504, core.OutcomeUnknown.code),
}
"""Every error with a name; the nearest base class in it counts."""

FRAMEWORK: Mapping[int, tuple[str, str]] = {
    400: ("invalid_request", "Invalid request"),
    404: ("not_found", "Not found"),
    405: ("method_not_allowed", "Method not allowed"),
    413: ("body_too_large", "The body is larger than 1 MiB"),
    415: ("unsupported_media_type", "The body is not application/json"),
}


class HttpRefusal(ports.PaylinksError):
    """A no that only HTTP knows, with its own status and code."""

    def __init__(
        self, status: int, code: str, message: str, details: str | None = None, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message, details=details)
        self.status = status
        self.code = code
        self.headers = headers or {}


class RateLimited(HttpRefusal):
    """Too many calls within a minute."""

    def __init__(self, seconds: int) -> None:
        super().__init__(429, "rate_limited", "Too many requests", headers={"Retry-After": str(max(seconds, 1))})


def error_answer(error: Exception, request_id: str) -> tuple[ErrorAnswer, dict[str, str]]:
    """Say what an error is to the caller, and the headers beside it."""
    headers: dict[str, str] = {}
    details: str | None
    match error:
        case HttpRefusal():
            status, code, sentence, details = error.status, error.code, error.message, error.details
            headers = error.headers
        case ports.PaylinksError():
            status, code = next((TABLE[kind] for kind in type(error).__mro__ if kind in TABLE), (500, "internal_error"))
            sentence, details = error.message, error.details
            if isinstance(error, core.Throttled):
                headers["Retry-After"] = str(error.seconds)
            elif status >= HTTPStatus.SERVICE_UNAVAILABLE and not isinstance(error, core.SignInNotConfigured):
                headers["Retry-After"] = "1"
        case HTTPException() if error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            # Litestar's own detail repeats the URL with its query; only its status and fields are taken over.
            status, details = error.status_code, _fields(error)
            code, sentence = FRAMEWORK.get(status, ("invalid_request", HTTPStatus(status).phrase))
            headers = {key: value for key, value in (error.headers or {}).items() if key.lower() == "allow"}
        case _:
            status, code, sentence, details = 500, "internal_error", "Internal server error", None
    answer = ErrorAnswer(error=sentence, details=details, status=status, code=code, request_id=request_id)
    if isinstance(error, core.CardDeclined):
        answer = ErrorAnswer(
            error=sentence,
            details=details,
            status=status,
            code=code,
            request_id=request_id,
            decline_code=error.decline_code,
            retryable=error.retryable,
        )
    return answer, headers


def _fields(error: HTTPException) -> str | None:
    """Name the fields that the framework itself refused.

    `data` is its word for the body, which `StrictRequest` reads: what is left to it is to refuse that there is none.
    """
    extra = error.extra if isinstance(error.extra, list) else []
    named = [(str(one.get("key")), str(one.get("message"))) for one in extra if isinstance(one, dict)]
    told = ("body: is required" if key == "data" else f"{key}: {message}" for key, message in named)
    return "; ".join(told) or None


def handle(request: Request[Any, Any, Any], error: Exception) -> Response[ErrorAnswer]:
    """Answer any error that reaches the application; a crash is logged, with nothing of it in the answer."""
    answer, headers = error_answer(error, request.scope.get("state", {}).get("request_id", ""))
    if answer.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("request.crashed", error=type(error).__name__, exc_info=error)
    return Response(answer, status_code=answer.status, headers=headers, media_type="application/json")
