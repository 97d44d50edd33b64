"""What a merchant enters to have NMI charge for it."""

from typing import Annotated

from msgspec import Meta, Struct

from paylinks_ports import Plain, Secret

__all__ = ["NmiCredentials"]

_VISIBLE = r"^[\x21-\x7e]+$"

SecurityKey = Annotated[
    Secret,
    Meta(
        pattern=_VISIBLE,
        title="Security key",
        description="Control panel, Settings, Security Keys: a private key that may use the API and the Query API",
    ),
]
TokenizationKey = Annotated[
    Plain,
    Meta(
        pattern=_VISIBLE,
        title="Tokenization key",
        description="Control panel, Settings, Security Keys: a public key for tokenization, for Collect.js in the page",
    ),
]
SigningKey = Annotated[
    Secret,
    Meta(
        pattern=_VISIBLE,
        title="Webhook signing key",
        description="Control panel, Settings, Webhooks: the signing key",
    ),
]
ProcessorId = Annotated[
    Plain,
    Meta(
        pattern=_VISIBLE,
        title="Processor id",
        description="Control panel, Settings, Transaction Routing; only where the account has several processors",
    ),
]


class NmiCredentials(Struct, frozen=True, kw_only=True, rename="camel"):
    """NMI's own names (Payment API, "security_key"; Collect.js, "data-tokenization-key"; Webhooks, "signing key")."""

    security_key: SecurityKey
    tokenization_key: TokenizationKey | None = None
    webhook_signing_key: SigningKey | None = None
    processor_id: ProcessorId | None = None

    def __repr__(self) -> str:
        """Say no secret, wherever a traceback or a log line shows this."""
        return f"{type(self).__name__}(tokenization_key={self.tokenization_key!r}, processor_id={self.processor_id!r})"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """As `__repr__`, for pretty printers."""
        return [("tokenization_key", self.tokenization_key), ("processor_id", self.processor_id)]
