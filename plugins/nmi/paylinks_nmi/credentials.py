"""What a merchant enters to have NMI charge for it."""

from typing import Annotated

from msgspec import Meta

from paylinks_ports import Credentials, Plain, Secret

__all__ = ["NmiCredentials"]


def _word(title: str, where: str) -> Meta:
    """Describe a field of one word, and where in the control panel's settings it is."""
    return Meta(pattern=r"^[\x21-\x7e]+$", title=title, description=f"Control panel, Settings, {where}")


_API_KEY = _word("Security key", "Security Keys: a private key that may use the API and the Query API")
_PUBLIC_KEY = _word("Tokenization key", "Security Keys: a public key for tokenization, for Collect.js in the page")
_SIGNING_KEY = _word("Webhook signing key", "Webhooks: the signing key")
_PROCESSOR = _word("Processor id", "Transaction Routing; only where the account has several processors")


class NmiCredentials(Credentials, frozen=True, kw_only=True, rename="camel"):
    """NMI's own names (Payment API, "security_key"; Collect.js, "data-tokenization-key"; Webhooks, "signing key")."""

    security_key: Annotated[Secret, _API_KEY]
    tokenization_key: Annotated[Plain, _PUBLIC_KEY] | None = None
    webhook_signing_key: Annotated[Secret, _SIGNING_KEY] | None = None
    processor_id: Annotated[Plain, _PROCESSOR] | None = None
