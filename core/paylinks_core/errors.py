"""Every no that the verbs say, each with the word that machines read. What HTTP makes of them is told in `web`."""

from paylinks_ports.payments import Declined

from .people_errors import (
    AddressTaken,
    AlreadyEnabled,
    Forbidden,
    InvalidCode,
    InvalidCredentials,
    LastOwner,
    NoOrganization,
    ReauthenticationRequired,
    RegistrationClosed,
    SignInNotConfigured,
    SignInRefused,
    SignInRequired,
    SlugTaken,
    Throttled,
    UnfitPassword,
)
from .refusals import Refusal

__all__ = [
    "AddressTaken",
    "AlreadyEnabled",
    "AlreadyPaid",
    "AmountMismatch",
    "CardDeclined",
    "DomainExists",
    "EndpointDisabled",
    "Forbidden",
    "InvalidApiKey",
    "InvalidClaims",
    "InvalidCode",
    "InvalidCredentials",
    "InvalidInput",
    "LastOwner",
    "NoOrganization",
    "NoSavedMethod",
    "NotConfigured",
    "NotCurrentOffer",
    "NotInDoubt",
    "NotInitialized",
    "NotKnown",
    "NotPaid",
    "OrderExists",
    "OutcomeUnknown",
    "PaymentInProgress",
    "PaymentMethodMismatch",
    "PaymentNotSubmitted",
    "PaymentTokenRequired",
    "ProviderDisabled",
    "ProviderNotAllowed",
    "ProviderNotConfigured",
    "RawCardRefused",
    "ReauthenticationRequired",
    "RefundExceedsPayment",
    "RefundNotSupported",
    "Refusal",
    "RegistrationClosed",
    "SessionExpired",
    "SignInNotConfigured",
    "SignInRefused",
    "SignInRequired",
    "SlugTaken",
    "Superseded",
    "Throttled",
    "UnfitPassword",
    "UnknownIntegration",
    "UnknownProvider",
]


class InvalidInput(Refusal):
    """A field of the call is wrong; `details` names it."""

    code = "invalid_request"
    sentence = "Invalid request"


class InvalidClaims(Refusal):
    """A well-signed token claims nonsense; `details` names the claim."""

    code = "invalid_claims"
    sentence = "Invalid claims"


class InvalidApiKey(Refusal):
    """The caller shows an API key that nobody has been given."""

    code = "invalid_api_key"
    sentence = "Invalid API key"


class UnknownProvider(Refusal):
    """No installed plugin has that name."""

    code = "unknown_provider"
    sentence = "Unknown payment provider"


class UnknownIntegration(Refusal):
    """No installed plugin of a marketing system has that name."""

    code = "unknown_integration"
    sentence = "Unknown marketing integration"


class NotConfigured(Refusal):
    """The brand has not entered what the marketing system asks for; the sentence is its plugin's own."""

    code = "not_configured"
    sentence = "Not configured"


class ProviderNotAllowed(Refusal):
    """The checkout's own list of providers leaves it out."""

    code = "provider_not_allowed"
    sentence = "Payment provider not allowed for this checkout"


class ProviderDisabled(Refusal):
    """The brand has switched it off."""

    code = "provider_disabled"
    sentence = "Payment provider is switched off for this brand"


class ProviderNotConfigured(Refusal):
    """There are no credentials, and this brand may not use demo mode."""

    code = "provider_not_configured"
    sentence = "Payment provider has no credentials"


class NotKnown(Refusal):
    """There is no such thing in this brand."""

    code = "not_found"
    sentence = "Not found"


class NotInitialized(Refusal):
    """The order has no open payment to complete."""

    code = "not_initialized"
    sentence = "Checkout is not initialized"


class AlreadyPaid(Refusal):
    """The order is paid; it is never charged again."""

    code = "already_paid"
    sentence = "Order is already paid"


class NotPaid(Refusal):
    """The order is not paid."""

    code = "not_paid"
    sentence = "Order is not paid"


class Superseded(Refusal):
    """A newer token for the same order has been used or made."""

    code = "superseded"
    sentence = "A newer checkout has taken this one's place"


class PaymentInProgress(Refusal):
    """Another payment of the order is open, and that it can't be paid any more is not proven."""

    code = "payment_in_progress"
    sentence = "Another payment for this order is in progress"


class PaymentNotSubmitted(Refusal):
    """The customer has not paid at the provider yet."""

    code = "payment_not_submitted"
    sentence = "The customer has not submitted the payment"


class PaymentTokenRequired(Refusal):
    """This provider charges from the server and was given nothing to charge."""

    code = "payment_token_required"
    sentence = "A payment token is required"


class RawCardRefused(Refusal):
    """A raw card was sent where none is taken."""

    code = "raw_card_data"
    sentence = "Raw card data is not accepted"


class PaymentMethodMismatch(Refusal):
    """A saved method that is not the named order's own."""

    code = "payment_method_mismatch"
    sentence = "The payment method is not that order's own"


class NoSavedMethod(Refusal):
    """The order saved no method that can be charged again."""

    code = "no_saved_method"
    sentence = "The order has no saved payment method"


class DomainExists(Refusal):
    """The domain is a brand's already."""

    code = "domain_exists"
    sentence = "Domain already exists"


class OrderExists(Refusal):
    """The order id is taken by something else."""

    code = "order_exists"
    sentence = "There is another order with this id"


class NotCurrentOffer(Refusal):
    """Another offer of the session is waiting for an answer."""

    code = "not_current_offer"
    sentence = "This is not the current offer"


class SessionExpired(Refusal):
    """The time to answer the session's offers is over."""

    code = "session_expired"
    sentence = "The upsell session has expired"


class AmountMismatch(Refusal):
    """The provider took another amount than the order's; a person must decide."""

    code = "amount_mismatch"
    sentence = "The provider's amount differs from the order's"


class RefundExceedsPayment(Refusal):
    """More would be given back than the payment took, counting what may be given back already."""

    code = "refund_exceeds_payment"
    sentence = "The refund exceeds what is left of the payment"


class RefundNotSupported(Refusal):
    """The provider can't be asked to give money back; it is done at its own desk."""

    code = "refund_not_supported"
    sentence = "This provider gives money back at its own desk only"


class NotInDoubt(Refusal):
    """There is nothing for a person to decide: the outcome is known, or is being found out right now."""

    code = "not_in_doubt"
    sentence = "There is nothing to decide"


class EndpointDisabled(Refusal):
    """Nothing is sent to a webhook endpoint that is switched off."""

    code = "endpoint_disabled"
    sentence = "This webhook endpoint is switched off"


class OutcomeUnknown(Refusal):
    """The provider was asked and nobody can say what came of it; it will be found out."""

    code = "provider_timeout"
    sentence = "The provider did not answer in time; the outcome will be found out"


class CardDeclined(Refusal):
    """A clear no from the bank or the provider."""

    code = "card_declined"
    sentence = "The card was declined"

    def __init__(self, declined: Declined) -> None:
        super().__init__(declined.message)
        self.decline_code = declined.code
        self.retryable = declined.retryable
