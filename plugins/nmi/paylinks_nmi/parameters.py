"""What goes to transact.php (Payment API, "Transaction Variables" and "Customer Vault Variables")."""

import ipaddress
from collections.abc import Mapping

from paylinks_ports import Address, Order, RefundOrder

from .amounts import to_nmi

__all__ = [
    "BY_ATTEMPT",
    "BY_PAYMENT",
    "BY_TRANSACTION",
    "KEPT",
    "USED",
    "refund",
    "sale",
    "void",
]

BY_ATTEMPT = "order_id"
BY_TRANSACTION = "transaction_id"
BY_PAYMENT = "merchant_defined_field_2"
"""Filters of query.php: what is ``orderid`` in a transaction is ``order_id`` in a query."""

KEPT = {"customer_vault": "add_customer", "initiated_by": "customer", "stored_credential_indicator": "stored"}
"""Keeps the card in the Customer Vault if the sale succeeds ("Credential on File", the first transaction)."""

USED = {"initiated_by": "customer", "stored_credential_indicator": "used"}
"""The customer, who is there, asks to use a kept card ("Unscheduled, Customer Initiated")."""

_LONGEST_DESCRIPTION = 255
_THREE_D_SECURE = {
    "cardholderAuth": "cardholder_auth",
    "cavv": "cavv",
    "xid": "xid",
    "eci": "eci",
    "threeDsVersion": "three_ds_version",
    "directoryServerId": "directory_server_id",
}
"""What Gateway.js made of a 3-D Secure check in the browser, as it names it and as the gateway does."""


def sale(order: Order, processor_id: str | None) -> dict[str, str]:
    """Say what is charged, and for whom; with what is the caller's to add.

    ``orderid`` is the attempt, so that a search for it finds this one try and no other. The merchant's own order id is
    where the merchant looks: before the description, and in the first of the merchant defined fields.

    Raises:
        ProviderRefused: the amount is none that the gateway takes.

    """
    amount, currency = to_nmi(order.money)
    given: dict[str, str | None] = {
        "type": "sale",
        "amount": amount,
        "currency": currency,
        "orderid": order.attempt_id,
        "order_description": f"{order.order_id}: {order.description}"[:_LONGEST_DESCRIPTION],
        "merchant_defined_field_1": order.order_id,
        "merchant_defined_field_2": order.payment_id,
        "processor_id": processor_id,
        "ipaddress": _ip_address(order.ip_address),
        "first_name": order.customer.first_name,
        "last_name": order.customer.last_name,
        "email": order.customer.email,
        "phone": order.customer.phone,
        **_billing(order.billing_address),
        **_shipping(order),
        **{wire: order.extra.get(name) for name, wire in _THREE_D_SECURE.items()},
    }
    return {name: value for name, value in given.items() if value}


def refund(order: RefundOrder) -> dict[str, str]:
    """Give back a part or all; the refund's own id is its ``orderid``, by which it is found again."""
    amount, _ = to_nmi(order.money)
    return {"type": "refund", "transactionid": order.transaction_id, "amount": amount, "orderid": order.refund_id}


def void(order: RefundOrder) -> dict[str, str]:
    """Undo a sale that has not settled; it knows no amount and no order id."""
    return {"type": "void", "transactionid": order.transaction_id}


def _ip_address(text: str | None) -> str | None:
    """Give it in the one form that the document names, four numbers; anything else is left out."""
    try:
        return str(ipaddress.IPv4Address(text)) if text else None
    except ipaddress.AddressValueError:
        return None


def _billing(address: Address | None) -> Mapping[str, str | None]:
    if address is None:
        return {}
    return {
        "address1": address.line1,
        "address2": address.line2,
        "city": address.city,
        "state": address.state,
        "zip": address.postal_code,
        "country": address.country,
    }


def _shipping(order: Order) -> Mapping[str, str | None]:
    address = order.shipping_address
    if address is None:
        return {}
    return {
        "shipping_firstname": order.customer.first_name,
        "shipping_lastname": order.customer.last_name,
        "shipping_address1": address.line1,
        "shipping_address2": address.line2,
        "shipping_city": address.city,
        "shipping_state": address.state,
        "shipping_zip": address.postal_code,
        "shipping_country": address.country,
    }
