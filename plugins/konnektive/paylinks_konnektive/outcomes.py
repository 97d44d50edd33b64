"""From Konnektive's answers and orders to the platform's results; success is a whitelist."""

from paylinks_ports import (
    Money,
    NextAction,
    Order,
    Paid,
    PaymentResult,
    Pending,
    RequiresAction,
    SavedMethod,
    Unknown,
    read_amount,
)

from .parameters import shorten
from .wire import Answer, View

__all__ = ["DECLINES", "charged", "is_ours", "is_over", "is_this_attempts", "money_of", "paid", "settled_here"]

DECLINES = frozenset({"HARD_DECLINE", "SOFT_DECLINE"})


def is_ours(order: Order, view: View) -> bool:
    """Say whether the last sale sent into an order is this payment's: one that was left open is others', too."""
    return view.text("custom2") == shorten(order.payment_id)


def is_this_attempts(order: Order, view: View) -> bool:
    """Say whether this attempt's charge is what was sent last for an order of ours."""
    return is_ours(order, view) and view.text("custom1") == shorten(order.attempt_id)


def is_over(view: View, sales: tuple[View, ...]) -> bool:
    """Say whether the last sale sent into an order has come to its end there: it is one of its transactions."""
    before = view.text("custom4")
    return before.isdecimal() and len(sales) > int(before)


def charged(order: Order, answer: Answer, reference: str) -> PaymentResult:
    """Say what an answer to a charge means that is no ERROR."""
    if answer.result == "SUCCESS" and answer.message.text("orderId") in ("", reference):
        match answer.message.text("orderStatus"):
            case "COMPLETE":
                return paid(order, answer.message, reference)
            case "PENDING":
                return Pending(reference=reference)
            case _:
                pass
    if answer.result == "MERC_REDIRECT":
        url = answer.message.text("url")
        if url.startswith(("https://", "http://")):
            return RequiresAction(reference=reference, action=NextAction(type="redirect", url=url))
        return Unknown(message="The bank asks for a step that can't be shown here", reference=reference)
    return Unknown(message="Konnektive's answer does not say whether it was charged", reference=reference)


def paid(order: Order, view: View, reference: str) -> Paid | Unknown:
    """Read a complete order."""
    try:
        money = money_of(order, view)
    except ValueError as error:
        return Unknown(message=f"It is paid, but how much can't be read: {error}", reference=reference)
    customer = view.text("customerId")
    details = {"customerId": customer, "cardType": view.text("cardType"), "cardLast4": view.text("cardLast4")}
    return Paid(
        reference=reference,
        transaction_id=reference,
        money=money,
        # ACCTONFILE charges the customer's card on file; the order says which card that was.
        saved_method=SavedMethod(reference, customer) if customer else None,
        details={name: value for name, value in details.items() if value},
    )


def money_of(order: Order, view: View) -> Money:
    """Read a total; the currency is the answer's, or the order's where it names none.

    Raises:
        ValueError: it is no amount.

    """
    return read_amount(view.text("totalAmount"), view.text("currencyCode") or order.money.currency)


def settled_here(transactions: tuple[View, ...]) -> tuple[View, ...]:
    """Give the sales among an order's transactions."""
    return tuple(view for view in transactions if view.text("txnType") in ("SALE", "CAPTURE"))
