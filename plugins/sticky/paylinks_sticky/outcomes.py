"""From Sticky.io's answers and orders to the platform's results; success is a whitelist."""

from paylinks_ports import (
    Declined,
    LookUpResult,
    Order,
    Paid,
    PaymentResult,
    Pending,
    SavedMethod,
    Unknown,
    read_amount,
)

from .declines import declined, is_duplicate
from .wire import Answer, View

__all__ = ["charged", "viewed"]

_DUPLICATE = "The gateway takes it for one that it has charged before"
_TEST = "Sticky.io took a test card: no money moved"


def charged(order: Order, answer: Answer, *, accept_test: bool) -> PaymentResult | None:
    """Say what an answer to a charge means; None: it was refused as wrong, and nothing was charged.

    Approved is ``response_code`` 100 and ``error_found`` 0, as in Sticky.io's own cartridge; ``resp_msg`` says
    "Approved" for some calls with test cards only, so it is not read.
    """
    match answer.kind:
        case "ok" if answer.text("error_found") == "0" and answer.number("order_id"):
            return _paid(order, answer, answer.text("orderTotal"), accept_test=accept_test)
        case "declined" if not is_duplicate(answer):
            return declined(answer)
        case "declined":
            return Unknown(message=_DUPLICATE, reference=answer.number("order_id"))
        case "authentication":
            message = "The bank asks for 3-D Secure, and Sticky.io's page for it can't be shown here"
            return Declined(code="authentication_required", message=message, retryable=False)
        case "refused":
            return None
        case _:
            message = "Sticky.io's answer does not say whether it was charged"
            return Unknown(message=message, reference=answer.number("order_id"))


def viewed(  # noqa: PLR0911 - one for each status there is
    order: Order, view: View, *, accept_test: bool
) -> LookUpResult:
    """Say what an order's status means (``order_view``; github.com/kevinem/lime-light-crm-php and other clients)."""
    reference = view.number("order_id")
    if reference is None:
        return Unknown(message="Sticky.io's order has no id")
    match view.text("order_status"):
        case "2" | "8":  # approved; shipped
            return _paid(order, view, view.text("order_total"), accept_test=accept_test)
        case "11":
            return Pending(reference=reference)
        case "7" if is_duplicate(view):
            return Unknown(message=_DUPLICATE, reference=reference)
        case "7":
            return declined(view)
        case "6":
            return Unknown(message="It was voided or refunded at Sticky.io's desk", reference=reference)
        case _:
            return Unknown(message="Sticky.io's order has a status that is not known here", reference=reference)


def _paid(order: Order, view: View, total: str | None, *, accept_test: bool) -> Paid | Declined | Unknown:
    reference = view.number("order_id") or ""
    if not accept_test and "1" in (view.text("test"), view.text("is_test_cc"), view.text("is_test")):
        return Declined(code="card_not_supported", message=_TEST, retryable=False)
    try:
        money = read_amount(total, order.money.currency)
    except ValueError as error:
        return Unknown(message=f"It is paid, but how much can't be read: {error}", reference=reference)
    customer = view.number("customerId") or view.number("customer_id")
    details = {
        "customerId": customer,
        "authCode": view.text("authId") or view.text("auth_id"),
        "gatewayId": view.text("gateway_id"),
    }
    return Paid(
        reference=reference,
        transaction_id=view.text("transactionID") or view.text("transaction_id") or reference,
        money=money,
        # `new_order_card_on_file` charges the card of an earlier order.
        saved_method=SavedMethod(reference, customer),
        details={name: value for name, value in details.items() if value},
    )
