"""How a payment method behaves: Stripe's test ones (docs.stripe.com/testing) and the platform's demo words."""

from typing import Literal

from msgspec import Struct

from paylinks_ports import demo_word

from .books import new_id
from .faults import no_such
from .records import Method

__all__ = ["Behaviour", "behaviour_of", "method_of"]


class Behaviour(Struct, frozen=True, kw_only=True):
    """What a confirmation with it comes to.

    Args:
        kind: ``authenticate`` asks the customer first, and then goes on as `error` says.
        error: how it is declined; none: it pays.

    """

    kind: Literal["pay", "authenticate", "process"] = "pay"
    last4: str = "4242"
    brand: str = "visa"
    error: dict[str, str] | None = None


_DECLINED = "Your card was declined."


def _decline(decline_code: str | None, message: str = _DECLINED, code: str = "card_declined") -> dict[str, str]:
    error = {"type": "card_error", "code": code, "message": message}
    return error | {"decline_code": decline_code} if decline_code else error


_NO_FUNDS = _decline("insufficient_funds", "Your card has insufficient funds.")
_VELOCITY = "Your card was declined for making repeated attempts too frequently or exceeding its amount limit."

_CARDS: dict[str, Behaviour] = {
    "pm_card_visa": Behaviour(),
    "pm_card_visa_debit": Behaviour(last4="5556"),
    "pm_card_mastercard": Behaviour(last4="4444", brand="mastercard"),
    "pm_card_amex": Behaviour(last4="8431", brand="amex"),
    "pm_card_discover": Behaviour(last4="9424", brand="discover"),
    "pm_card_visa_chargeDeclined": Behaviour(last4="0002", error=_decline("generic_decline")),
    "pm_card_visa_chargeDeclinedInsufficientFunds": Behaviour(last4="9995", error=_NO_FUNDS),
    "pm_card_visa_chargeDeclinedLostCard": Behaviour(last4="9987", error=_decline("lost_card")),
    "pm_card_visa_chargeDeclinedStolenCard": Behaviour(last4="9979", error=_decline("stolen_card")),
    "pm_card_chargeDeclinedExpiredCard": Behaviour(
        last4="0069", error=_decline(None, "Your card has expired.", "expired_card")
    ),
    "pm_card_chargeDeclinedIncorrectCvc": Behaviour(
        last4="0127", error=_decline(None, "Your card's security code is incorrect.", "incorrect_cvc")
    ),
    "pm_card_chargeDeclinedProcessingError": Behaviour(
        last4="0119",
        error=_decline(
            None, "An error occurred while processing your card. Try again in a little bit.", "processing_error"
        ),
    ),
    "pm_card_visa_chargeDeclinedVelocityLimitExceeded": Behaviour(
        last4="6975", error=_decline("card_velocity_exceeded", _VELOCITY)
    ),
    "pm_card_chargeCustomerFail": Behaviour(last4="0341", error=_decline("generic_decline")),
    "pm_card_radarBlock": Behaviour(last4="0019", error=_decline("fraudulent")),
    "pm_card_threeDSecure2Required": Behaviour(kind="authenticate", last4="3220"),
    "pm_card_threeDSecureRequired": Behaviour(kind="authenticate", last4="3063"),
    "pm_card_authenticationRequired": Behaviour(kind="authenticate", last4="3184"),
    "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds": Behaviour(
        kind="authenticate", last4="3178", error=_NO_FUNDS
    ),
}

_DEMO_WORDS: dict[str, Behaviour] = {
    "demo_decline": _CARDS["pm_card_visa_chargeDeclined"],
    "demo_soft_decline": _CARDS["pm_card_visa_chargeDeclinedInsufficientFunds"],
    "demo_3ds": _CARDS["pm_card_threeDSecure2Required"],
    "demo_processing": Behaviour(kind="process"),
}


def behaviour_of(presented: str, *, demo: bool) -> Behaviour:
    """Say how a payment method or confirmation token behaves; in demo mode any text pays.

    Raises:
        StripeFault: it is none.

    """
    if presented in _CARDS:
        return _CARDS[presented]
    if demo:
        return _DEMO_WORDS.get(demo_word(presented) or "", Behaviour())
    if presented.startswith("ctoken_"):
        return Behaviour()
    if presented.startswith("pm_") and not presented.startswith("pm_card_"):
        return Behaviour()  # one that Stripe.js made of a card we have not seen
    raise no_such("PaymentMethod", presented, param="payment_method", status=400)


def method_of(presented: str, behaviour: Behaviour) -> Method:
    """Make the payment method that a charge is remembered with; Stripe, too, makes a new one of a test name."""
    made = presented.startswith("pm_") and presented not in _CARDS
    return Method(id=presented if made else new_id("pm_1"), brand=behaviour.brand, last4=behaviour.last4)
