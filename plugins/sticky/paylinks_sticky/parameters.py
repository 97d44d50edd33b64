"""From an order to the parameters of Sticky.io's requests (its API v1: ``new_prospect``, ``new_order`` and theirs)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from msgspec.structs import asdict

from paylinks_ports import Address, Money, Order, ProviderRefused, allot, items_of, pick, share_out, write_amount

from .operations import CreateOrderBody, OfferBody
from .settings import StickyCredentials, StickyOptions, StickyProduct

__all__ = ["by_token", "prospect", "sale", "search"]

_DEMO = StickyOptions(
    shipping_id="1", default_product=StickyProduct(offer_id="1", product_id="1", billing_model_id="2")
)


def sale(
    order: Order, credentials: StickyCredentials, options: StickyOptions, chosen: CreateOrderBody | None = None
) -> dict[str, object]:
    """Write what every order says: offers of the catalogue, at prices that sum up to the order's amount.

    Args:
        order: what is paid for.
        credentials: whose campaign it is.
        options: which offers stand for the order's line items.
        chosen: what the call names in place of both.

    Raises:
        ProviderRefused: an option is missing, or the amount is none that Sticky.io takes.

    """
    chosen = chosen or CreateOrderBody()
    demo = _DEMO if credentials.demo else StickyOptions()
    currency = order.money.currency
    if not credentials.demo and currency != options.currency:
        details = f"options.currency: is {options.currency}, the order is in {currency}"
        raise ProviderRefused("This Sticky.io campaign charges in another currency", details=details)
    campaign = chosen.campaign_id or credentials.campaign_id
    shipping = chosen.shipping_id or options.shipping_id or demo.shipping_id
    for name, value in (("credentials.campaignId", campaign), ("options.shippingId", shipping)):
        if value is None:
            raise ProviderRefused("Sticky.io sells what its catalogue knows", details=f"{name}: is missing")
    products: Sequence[StickyProduct | OfferBody]
    if chosen.offers:
        products = chosen.offers
        lines = share_out(order, [offer.quantity for offer in chosen.offers])
    else:
        items = items_of(order)
        default = options.default_product or demo.default_product
        products = [pick(item, options.products, default) for item in items]
        lines = [(item.quantity, item.unit_price) for item in items]
    prices, rest = allot(order.money, lines)
    return {
        **_written({"campaignId": campaign, "shippingId": shipping, "forceGatewayId": options.gateway_id}),
        "offers": [
            # A product's fields have Sticky.io's own names. Without a price Sticky.io takes its own, silently.
            _written(asdict(product) | {"quantity": quantity, "price": write_amount(Money(price, currency))})
            for product, (quantity, _), price in zip(products, lines, prices, strict=True)
        ],
        "dynamic_shipping_charge": write_amount(Money(rest, currency)),
        # Sticky.io refuses an order without one (code 321); this one says that nobody gave it.
        "ipAddress": chosen.ip_address or order.ip_address or "127.0.0.1",
        # What an order is found by again: `order_view` shows it, and every account has it.
        "click_id": order.attempt_id,
        "notes": f"Order {order.order_id} ({order.payment_id})",
    }


def prospect(order: Order, sold: Mapping[str, object]) -> dict[str, object]:
    """``new_prospect``: who may buy, before anything is sold."""
    address = _address("", order.shipping_address or order.billing_address)
    marks = {name: sold[name] for name in ("campaignId", "ipAddress", "notes")}
    return marks | _who(order) | {name.lower(): value for name, value in address.items()}


def by_token(order: Order, payment_token: str, prospect_id: str | None) -> dict[str, str]:
    """``new_order``, or ``new_order_with_prospect`` for a prospect, whose name and contact Sticky.io knows."""
    shipping = order.shipping_address or order.billing_address
    billing = order.billing_address or order.shipping_address
    written = {"tranType": "Sale", "payment_token": payment_token} | _address("shipping", shipping)
    written |= {"prospectId": prospect_id} if prospect_id else _who(order)
    if shipping:
        written["billingSameAsShipping"] = "YES" if shipping == billing else "NO"
    if shipping != billing:
        name = {"billingFirstName": order.customer.first_name, "billingLastName": order.customer.last_name}
        written |= _address("billing", billing) | _written(name)
    return written


def search(order: Order) -> dict[str, object]:
    """``order_find``: by the customer's e-mail address, for there is no search by a reference of ours.

    Sticky.io reads the dates in the account's own time zone, so the window is far wider than any payment lives. Without
    an e-mail address only the last days of all customers can be read.
    """
    now = datetime.now(UTC)
    email = order.customer.email
    return {
        "campaign_id": "all",
        "start_date": "01/01/2015" if email else f"{now - timedelta(days=2):%m/%d/%Y}",
        "end_date": f"{now + timedelta(days=366):%m/%d/%Y}",
        "date_type": "create",
        "criteria": {"email": email} if email else "all",
        "search_type": "all",
        "return_type": "order_view",
        "resultsPerPage": 500,
        "page": 1,
    }


def _who(order: Order) -> dict[str, str]:
    who = order.customer
    return _written({"firstName": who.first_name, "lastName": who.last_name, "email": who.email, "phone": who.phone})


def _address(kind: str, address: Address | None) -> dict[str, str]:
    if address is None:
        return {}
    fields = {
        f"{kind}Address1": address.line1,
        f"{kind}Address2": address.line2,
        f"{kind}City": address.city,
        f"{kind}State": address.state,
        f"{kind}Zip": address.postal_code,
        f"{kind}Country": address.country,
    }
    return _written(fields)


def _written(fields: Mapping[str, str | int | None]) -> dict[str, str]:
    """Write as text what is not empty."""
    return {name: str(value) for name, value in fields.items() if value}
