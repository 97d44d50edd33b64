"""From Sticky.io's answers and orders to the platform's results; success is a whitelist."""

from paylinks_ports import (
    GATEWAY_WORDS,
    Declined,
    LookUpResult,
    Order,
    Paid,
    PaymentResult,
    Pending,
    SavedMethod,
    Unknown,
    View,
    decline,
    meaning_of,
    read_amount,
)

from .answers import DECLINES, Answer, first_said, reason_of, redact
from .settings import StickyOptions

__all__ = ["charged", "declined", "viewed"]

# A bank that asks for 3-D Secure asks each time.
_WORDS = GATEWAY_WORDS | dict.fromkeys(("authentication", "3ds"), DECLINES["101"])


def charged(order: Order, answer: Answer, options: StickyOptions) -> PaymentResult:
    """Say what an answer to a charge means.

    Approved is ``response_code`` 100 and ``error_found`` 0, as in Sticky.io's own cartridge; ``resp_msg`` says
    "Approved" for some calls with test cards only, so it is not read.

    Raises:
        ProviderRefused: it was refused as wrong, and nothing was charged.

    """
    reference = answer.number("order_id")
    match answer.kind:
        case "ok" if answer.text("error_found") == "0" and reference:
            return _paid(order, answer, reference, answer.text("orderTotal"), options)
        case "declined":
            return declined(answer, reference, answer.codes)
        case "refused":
            raise answer.error
        case _:
            message = "Sticky.io's answer does not say whether it was charged"
            return Unknown(message=message, reference=reference or None)


def viewed(order: Order, view: View, reference: str, options: StickyOptions) -> LookUpResult:
    """Say what an order's status means (``order_view``; github.com/kevinem/lime-light-crm-php and other clients).

    Args:
        order: what was paid for.
        view: what Sticky.io shows.
        reference: the order's id, which ``order_view`` of one order may leave out.
        options: whether a test card pays.

    """
    reference = view.number("order_id") or reference
    if not reference:
        return Unknown(message="Sticky.io's order has no id")
    match view.text("order_status"):
        case "2" | "8":  # approved; shipped
            return _paid(order, view, reference, view.text("order_total"), options)
        case "11":
            return Pending(reference=reference)
        case "7":
            return declined(view, reference)
        case "6":
            return Unknown(message="It was voided or refunded at Sticky.io's desk", reference=reference)
        case _:
            return Unknown(message="Sticky.io's order has a status that is not known here", reference=reference)


def declined(view: View, reference: str, codes: frozenset[str] = frozenset()) -> Declined | Unknown:
    """Read a decline in an answer, or a declined order.

    Sticky.io passes on the text of whatever gateway has declined, and no code beside it; its API has no field for soft
    or hard either (support.sticky.io/en/articles/9155820: the CRM's own holds follow rules of its own). So a text that
    fits no words may be tried again. There is no reference in it: the order that a decline leaves behind can't be
    charged again, and the prospect before it can.
    """
    reason = reason_of(view)
    if "duplicate" in reason.lower():
        # Nobody knows which of the two stands.
        message = "The gateway takes it for one that it has charged before"
        return Unknown(message=message, reference=reference or None)
    meaning = next((DECLINES[code] for code in sorted(codes) if code in DECLINES), None) or meaning_of(reason, _WORDS)
    # An answer's own sentence is without the account's secrets, too.
    told = view.sentence if isinstance(view, Answer) else redact(reason)
    return decline(meaning or ("card_declined", True), told)


def _paid(order: Order, view: View, reference: str, total: str, options: StickyOptions) -> Paid | Declined | Unknown:
    if not options.accept_test_orders and any(_is_set(view, name) for name in ("test", "is_test_cc", "is_test")):
        return decline(("card_not_supported", False), "Sticky.io took a test card: no money moved")
    try:
        money = read_amount(total, order.money.currency)
    except ValueError as error:
        return Unknown(message=f"It is paid, but how much can't be read: {error}", reference=reference)
    # An answer and an order name the same things differently.
    customer = view.number("customerId") or view.number("customer_id")
    details = {
        "customerId": customer,
        "authCode": first_said(view, "authId", "auth_id"),
        "gatewayId": first_said(view, "gateway_id"),
    }
    return Paid(
        reference=reference,
        transaction_id=first_said(view, "transactionID", "transaction_id") or reference,
        money=money,
        # `new_order_card_on_file` charges the card of an earlier order.
        saved_method=SavedMethod(reference, customer or None),
        details={name: value for name, value in details.items() if value},
    )


def _is_set(view: View, name: str) -> bool:
    """Say whether a flag is there that does not say no."""
    return str(view.fields.get(name) or "0").strip().lower() not in ("", "0", "false", "no", "n/a", "not available")
