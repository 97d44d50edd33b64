"""What may go wrong below the verbs: at a provider, in the storage, in a value. No HTTP here."""

__all__ = [
    "Conflict",
    "CredentialsRejected",
    "ExpiredToken",
    "InvalidSignature",
    "InvalidToken",
    "PaylinksError",
    "ProviderRefused",
    "ProviderUnavailable",
    "StorageUnavailable",
    "UnknownCurrency",
    "VaultError",
]


class PaylinksError(Exception):
    """The root of every error this platform raises on purpose.

    Args:
        message: a sentence for the integrator, without secrets, cards or e-mail addresses.
        details: what exactly, naming the field, where there is more to say.

    """

    def __init__(self, message: str, *, details: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class ProviderUnavailable(PaylinksError):
    """The provider could not be reached: nothing was sent, so nothing happened."""


class CredentialsRejected(PaylinksError):
    """The provider refused the merchant's credentials: nothing happened."""


class ProviderRefused(PaylinksError):
    """The provider understood the call and refused it as wrong (not a decline): nothing happened."""


class Conflict(PaylinksError):
    """Someone else was quicker: the row exists already, or is no longer what it was when it was read."""


class StorageUnavailable(PaylinksError):
    """The database does not answer; whether the last commit reached it may be unknown."""


class InvalidToken(PaylinksError):
    """The token is not one of ours: malformed, another algorithm, or a wrong signature."""


class ExpiredToken(PaylinksError):
    """The token is ours, and its time is over."""


class InvalidSignature(PaylinksError):
    """A webhook is not proven to come from the provider: its signature or secret is wrong, missing or too old."""


class VaultError(PaylinksError):
    """A sealed value can't be opened: no key of the ring fits, or it was moved or altered."""


class UnknownCurrency(PaylinksError):
    """Not a currency one can pay in."""

    def __init__(self, currency: str) -> None:
        super().__init__("Unknown currency", details=f"{currency!r} is not an ISO 4217 currency with a minor unit")
