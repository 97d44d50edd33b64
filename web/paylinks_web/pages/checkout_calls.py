"""What the checkout page's script asks its own page for: to open a payment with a provider, and how it stands.

The payment itself is completed with the API's own `checkout/complete`, as an integrator's page does.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct, field
from msgspec.structs import replace

from paylinks_core import checkouts, completion
from paylinks_core.asking import Brought
from paylinks_core.errors import ProviderNotAllowed
from paylinks_ports.errors import PaylinksError
from paylinks_ports.payments import Address, Customer, Details, NextAction

from ..errors import HttpRefusal
from ..routes.desk import Desk
from .checkout import Place, place_of
from .forms import filled_by

__all__ = ["look", "look_by_token", "start", "start_by_token"]


class Opened(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What the provider's module is mounted with and the payment completed with; or what is wrong, by field."""

    token: str = ""
    values: Details = field(default_factory=dict)
    amount: int = 0
    currency: str = ""
    customer: Customer | None = None
    billing_address: Address | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


class Seen(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The bank's step that is open, if one is."""

    next_action: NextAction | None = None


@post("/c/{code:str}/start", status_code=200)
async def start(request: Request[Any, Any, Any], code: FromPath[str], desk: NamedDependency[Desk]) -> Response[Opened]:
    """Open the payment of a pay link."""
    return await _start(request, desk, await place_of(request, desk, code=code))


@post("/checkout/{token:str}/start", status_code=200)
async def start_by_token(
    request: Request[Any, Any, Any], token: FromPath[str], desk: NamedDependency[Desk]
) -> Response[Opened]:
    """Open the payment of a token."""
    return await _start(request, desk, await place_of(request, desk, token=token))


@post("/c/{code:str}/look", status_code=200)
async def look(request: Request[Any, Any, Any], code: FromPath[str], desk: NamedDependency[Desk]) -> Seen:
    """See what became of the payment of a pay link."""
    return await _look(desk, await place_of(request, desk, code=code))


@post("/checkout/{token:str}/look", status_code=200)
async def look_by_token(request: Request[Any, Any, Any], token: FromPath[str], desk: NamedDependency[Desk]) -> Seen:
    """See what became of the payment of a token."""
    return await _look(desk, await place_of(request, desk, token=token))


async def _start(request: Request[Any, Any, Any], desk: Desk, place: Place) -> Response[Opened]:
    form = await request.form()
    view = place.view
    choice = view.acting or view.choice(str(form.get("provider", "")))
    if choice is None:
        raise ProviderNotAllowed("provider: is not offered")
    if not choice.module:
        raise HttpRefusal(409, "no_browser_part", "This provider has no fields in the page")
    filled = filled_by({name: form[name] for name in form})
    if filled.errors:
        return Response(Opened(errors=filled.errors), status_code=400)
    given = replace(filled.given, brought=Brought(ip_address=desk.guards.address(request)))
    opened = await checkouts.initialize(desk.parts, place.access, choice.name, given)
    claims = opened.checkout.claims
    answer = Opened(
        token=place.token,
        values=opened.started.browser,
        amount=opened.payment.amount,
        currency=opened.payment.currency,
        customer=claims.customer,
        billing_address=claims.billing_address or claims.shipping_address,
    )
    return Response(answer)


async def _look(desk: Desk, place: Place) -> Seen:
    if not place.view.returning:
        return Seen()
    with suppress(PaylinksError):  # whatever has become of it is remembered, and what has not may still come
        done = await completion.complete(desk.parts, place.access, completion.Payload())
        return Seen(next_action=done.action)
    return Seen()
