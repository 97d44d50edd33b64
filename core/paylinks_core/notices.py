"""What marketing systems are to be told: noted in the transaction that makes an order paid, and composed when told."""

from typing import TypeAlias

import structlog

from paylinks_ports.errors import PaylinksError
from paylinks_ports.marketing import OrderPlaced
from paylinks_ports.payments import LineItem
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.marketing import MarketingNotice
from paylinks_ports.records.payments import Payment
from paylinks_ports.records.settings import PluginSetting
from paylinks_ports.storage import Reading, Work

from .parts import Parts
from .settings import is_configured

__all__ = ["CONSENT", "note_paid", "order_placed_of"]

_log = structlog.get_logger()

CONSENT = "marketing_consent"
"""The key of a checkout's metadata that records the customer's agreement, with the value ``true``."""

_CONSENT_HOLDS = 24 * 3_600_000

_Pair: TypeAlias = tuple[Checkout, Payment]


async def note_paid(parts: Parts, work: Work, was: _Pair, now: _Pair) -> None:
    """Note a payment that has just been paid for every system that the brand has on and has set up.

    Nothing but the database itself can make the payment's transaction fail here.
    """
    if not parts.integrations or not _is_newly_paid(was, now):
        return
    checkout, payment = now
    try:
        settings = await work.plugin_settings.of_brand(payment.brand_id)
        for setting in settings:
            integration = parts.integrations.get(setting.plugin)
            if integration is not None and setting.enabled and is_configured(parts, integration, setting):
                await work.marketing_notices.add(_notice(parts, checkout, payment, setting.plugin))
    except PaylinksError:
        raise
    except Exception:  # noqa: BLE001 - money comes first
        _log.exception("marketing.note_failed", payment_id=payment.id)


def _is_newly_paid(was: _Pair, now: _Pair) -> bool:
    if now[1].kind == "upsell":
        return now[1].state == "paid" != was[1].state
    return now[0].state == "paid" != was[0].state and now[1].state == "paid"


def _notice(parts: Parts, checkout: Checkout, payment: Payment, integration: str) -> MarketingNotice:
    now = parts.clock.now()
    return MarketingNotice(
        id=parts.ids.new("mkt"),
        brand_id=payment.brand_id,
        integration=integration,
        demo=payment.demo,
        payment_id=payment.id,
        checkout_id=checkout.id,
        next_at=now,
        created_at=now,
        updated_at=now,
    )


async def order_placed_of(
    parts: Parts, rows: Reading, notice: MarketingNotice, setting: PluginSetting | None
) -> OrderPlaced | None:
    """Say what a system is told of a notice's order."""
    checkout = await rows.checkouts.get(notice.checkout_id)
    payment = await rows.payments.get(notice.payment_id)
    if checkout is None or payment is None:  # rows are never deleted
        return None
    claims, event_id, items = checkout.claims, payment.order_id, checkout.claims.line_items
    if payment.kind == "upsell":
        items = (
            LineItem(id=payment.offer_id, name=payment.description or "Offer", quantity=1, unit_price=payment.amount),
        )
        session = await rows.upsell_sessions.get(payment.upsell_id or "")
        offers = [offer.id for offer in session.offers] if session else []
        place = offers.index(payment.offer_id) if payment.offer_id in offers else 0
        event_id = payment.order_id if place == 0 else f"{payment.order_id}-{place + 1}"
    recent = parts.clock.now() - notice.created_at <= _CONSENT_HOLDS
    return OrderPlaced(
        event_id=event_id,
        order_id=payment.order_id,
        money=payment.money,
        occurred_at=notice.created_at,
        customer=claims.customer,
        shipping_address=claims.shipping_address,
        line_items=items,
        consent=recent and claims.metadata.get(CONSENT) == "true",
        # The simulator knows none of the brand's own lists.
        list_ids=() if notice.demo or setting is None else setting.list_ids,
    )
