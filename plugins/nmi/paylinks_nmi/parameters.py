"""What a sale sends to transact.php (Payment API, "Transaction Variables")."""

import ipaddress

from paylinks_ports import Address, Money, Order, decimals, write_amount

__all__ = ["major", "sale"]

_LONGEST_DESCRIPTION = 255


def major(money: Money) -> str:
    """Write an amount (Payment API, "amount", format x.xx).

    NMI's documents know two decimals and no others: what x.xx means for a currency without them, or with three, is
    nowhere said, and nothing is charged in a unit that is only guessed.

    Raises:
        ProviderRefused: the currency has no two decimals.

    """
    decimals(money, 2)
    return write_amount(money)


def sale(order: Order, processor_id: str | None) -> dict[str, str]:
    """Say what is charged, and for whom; with what is the caller's to add.

    ``orderid`` is the attempt, so that a search for it finds this one try and no other. The merchant's own order id is
    where the merchant looks: before the description, and in the first of the merchant defined fields.

    Raises:
        ProviderRefused: the amount is none that the gateway takes.

    """
    customer = order.customer
    given: dict[str, str | None] = {
        "type": "sale",
        "amount": major(order.money),
        "currency": order.money.currency,
        "orderid": order.attempt_id,
        "order_description": f"{order.order_id}: {order.description}"[:_LONGEST_DESCRIPTION],
        "merchant_defined_field_1": order.order_id,
        "merchant_defined_field_2": order.payment_id,
        "processor_id": processor_id,
        "ipaddress": _ip_address(order.ip_address),
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "email": customer.email,
        "phone": customer.phone,
        # What Gateway.js made of a 3-D Secure check in the browser, as it names it.
        "cardholder_auth": order.extra.get("cardholderAuth"),
        "cavv": order.extra.get("cavv"),
        "xid": order.extra.get("xid"),
        "eci": order.extra.get("eci"),
        "three_ds_version": order.extra.get("threeDsVersion"),
        "directory_server_id": order.extra.get("directoryServerId"),
    }
    if order.billing_address:
        given |= _address("", order.billing_address)
    if order.shipping_address:
        given |= _address("shipping_", order.shipping_address)
        given |= {"shipping_firstname": customer.first_name, "shipping_lastname": customer.last_name}
    return {name: value for name, value in given.items() if value}


def _ip_address(text: str | None) -> str | None:
    """Give it in the one form that the document names, four numbers; anything else is left out."""
    try:
        return str(ipaddress.IPv4Address(text)) if text else None
    except ipaddress.AddressValueError:
        return None


def _address(kind: str, address: Address) -> dict[str, str | None]:
    return {
        f"{kind}address1": address.line1,
        f"{kind}address2": address.line2,
        f"{kind}city": address.city,
        f"{kind}state": address.state,
        f"{kind}zip": address.postal_code,
        f"{kind}country": address.country,
    }
