"""What a checkout page shows: the order, how far it has come, and the ways to pay. It reads, and changes nothing."""

from typing import Literal, TypeAlias

from msgspec import Struct

from paylinks_core.access import Access
from paylinks_core.checkouts import refuse_older
from paylinks_core.errors import Refusal
from paylinks_core.parts import Parts
from paylinks_core.providers import open_account
from paylinks_core.states import UNRESOLVED
from paylinks_ports.browser import BrowserHosts, BrowserPart
from paylinks_ports.errors import VaultError
from paylinks_ports.records.checkouts import Checkout, Claims
from paylinks_ports.records.payments import Payment
from paylinks_ports.records.tenants import Brand
from paylinks_ports.storage import Reading

from .look import Look, look_of
from .static import module_url

__all__ = ["Choice", "Stage", "View", "view_of_checkout", "view_of_token"]

Stage: TypeAlias = Literal["open", "declined", "action", "processing", "attention", "paid", "expired"]


class Choice(Struct, frozen=True, kw_only=True):
    """One way to pay.

    Args:
        title: the provider's.
        browser: how it is paid on this page, or None: only an integrator's own page can.

    """

    name: str
    title: str
    demo: bool
    browser: BrowserPart | None = None

    @property
    def label(self) -> str:
        """What the customer chooses."""
        return self.browser.label if self.browser else self.title

    @property
    def module(self) -> str | None:
        """Give the address of the script that it is paid with, or None where it is paid without one."""
        live = self.browser is not None and self.browser.module is not None and not self.demo
        return module_url(self.name, self.browser) if live and self.browser else None

    @property
    def payable(self) -> bool:
        """Say whether this page can take such a payment."""
        return self.demo or self.browser is not None


class View(Struct, frozen=True, kw_only=True):
    """One checkout as a customer sees it.

    Args:
        path: where the page is; its form goes to `pay` below.
        look: how the brand wants to be seen.
        choices: the ways to pay, in the order they are offered.
        chosen: the name of the one to offer first.
        acting: how a bank's step is taken here, where one is open.
        returning: the customer may have paid at the provider since, so it is worth asking.

    """

    path: str
    stage: Stage
    look: Look
    claims: Claims
    payment: Payment | None
    choices: tuple[Choice, ...]
    chosen: str | None
    acting: Choice | None = None
    returning: bool = False

    @property
    def demo(self) -> bool:
        """Say whether no money moves here."""
        if self.payment is not None and self.stage not in ("open", "declined", "expired"):
            return self.payment.demo
        return any(one.demo for one in self.choices)

    @property
    def hosts(self) -> tuple[BrowserHosts, ...]:
        """List what the scripts of the ways to pay need."""
        choices = (*self.choices, self.acting) if self.acting else self.choices
        return tuple(one.browser.hosts for one in choices if one.browser and one.module)

    def choice(self, name: str) -> Choice | None:
        """Find a way to pay that is offered."""
        return next((one for one in self.choices if one.name == name), None)


async def view_of_checkout(parts: Parts, code: str) -> View | None:
    """View the checkout of a short link; None where there is none, or a newer link has taken its place."""
    async with parts.units.reading() as rows:
        checkout = await rows.checkouts.by_code(code)
        brand = await rows.brands.get(checkout.brand_id) if checkout else None
        if checkout is None or brand is None:
            return None
        return await _view(parts, rows, brand, checkout, checkout.claims, f"/c/{checkout.code}")


async def view_of_token(parts: Parts, access: Access, token: str) -> View:
    """View the checkout of a token that has been verified; it may not have been opened yet.

    Raises:
        Superseded: a newer token has taken its place.

    """
    async with parts.units.reading() as rows:
        checkout = await rows.checkouts.by_order(access.brand.id, access.claims.order_id)
        if checkout is not None:
            refuse_older(access, checkout)
        if checkout is not None and (checkout.state == "paid" or checkout.issued_at == access.issued_at):
            return await _view(parts, rows, access.brand, checkout, checkout.claims, f"/c/{checkout.code}")
        return await _view(parts, rows, access.brand, checkout, access.claims, f"/checkout/{token}")


async def _view(  # noqa: PLR0913, PLR0917 - one call for two ways to find a checkout
    parts: Parts, rows: Reading, brand: Brand, checkout: Checkout | None, claims: Claims, path: str
) -> View:
    payment = await rows.payments.get(checkout.payment_id) if checkout and checkout.payment_id else None
    stage = _stage(checkout, claims, payment, parts.clock.now())
    payable = stage in ("open", "declined")
    choices = await _choices(parts, rows, brand, claims) if payable else ()
    names = [one.name for one in choices if one.payable]
    wishes = [payment.provider if payment else None, claims.provider, brand.default_provider, *names]
    chosen = next((name for name in wishes if name in names), None)
    acting, returning = None, False
    if payment is not None and not payment.demo and payment.provider in parts.providers:
        provider = parts.providers[payment.provider]
        returning = stage == "action" or (payable and provider.browser_pays and payment.reference is not None)
        if stage == "action":
            acting = Choice(name=provider.name, title=provider.title, demo=False, browser=provider.browser)
    return View(
        path=path,
        stage=stage,
        look=look_of(brand),
        claims=claims,
        payment=payment,
        choices=choices,
        chosen=chosen,
        acting=acting,
        returning=returning,
    )


def _stage(  # noqa: PLR0911 - one for each stage
    checkout: Checkout | None, claims: Claims, payment: Payment | None, now: int
) -> Stage:
    if checkout is None:
        return "open"
    if checkout.state == "paid":
        return "paid"
    if checkout.attention:
        return "attention"
    if payment is not None and payment.state in UNRESOLVED:
        return "processing"
    if checkout.expires_at <= now:
        return "expired"
    if payment is not None and payment.state == "action_required" and payment.money == claims.money:
        return "action"  # a step for another amount than the page shows is not led to: it is paid anew
    return "declined" if payment is not None and payment.state == "declined" else "open"


async def _choices(parts: Parts, rows: Reading, brand: Brand, claims: Claims) -> tuple[Choice, ...]:
    """List the providers that the checkout allows, the brand has on, and that can be opened."""
    found: list[tuple[int, Choice]] = []
    for name in claims.providers or sorted(parts.providers):
        try:
            account = await open_account(parts, rows, brand, name, claims)
        except (Refusal, VaultError):
            continue
        setting = await rows.plugin_settings.get(brand.id, name)
        priority = setting.priority if setting else 0
        provider = parts.providers[name]
        choice = Choice(name=name, title=provider.title, demo=account.demo, browser=provider.browser)
        found.append((priority, choice))
    if claims.providers:  # in the order that the merchant named them
        return tuple(choice for _, choice in found)
    return tuple(choice for _, choice in sorted(found, key=lambda pair: pair[0]))
