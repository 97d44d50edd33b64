"""UltraCart's answers (www.ultracart.com/api/, REST API v2) as far as they are read, and its sentences made safe."""

from msgspec import Struct, field

from paylinks_ports import Redaction

from .documents import Json

__all__ = ["Carted", "Done", "Finalized", "Imported", "OrderAnswer", "Orders", "redact"]

# Tokens and keys; with one before an @ goes what is behind it.
redact = Redaction(r"[A-Za-z0-9_\-]{24,}(?:@\S+)?")


class Fault(Struct, frozen=True):
    """Error: why a call was refused."""

    user_message: str | None = None
    developer_message: str | None = None
    error_code: str | None = None


class Done(Struct, frozen=True, kw_only=True):
    """BaseResponse: whether a call did what it was asked; absent means yes."""

    success: bool | None = None
    error: Fault | None = None

    @property
    def told(self) -> str:
        """Why it was not, fit to be shown."""
        fault = self.error or Fault()
        return redact(fault.user_message or fault.developer_message or fault.error_code or "")


class Carted(Struct, frozen=True, kw_only=True):
    """CartResponse."""

    cart: Json
    success: bool | None = None
    errors: list[str] | None = None

    def __repr__(self) -> str:
        """Show nothing of the customer."""
        return f"{type(self).__name__}(…)"


class OrderAnswer(Done, frozen=True, kw_only=True):
    """OrderResponse."""

    order: Json

    def __repr__(self) -> str:
        """Show nothing of the customer."""
        return f"{type(self).__name__}(…)"


class Orders(Done, frozen=True, kw_only=True):
    """OrdersResponse."""

    orders: list[Json] | None = None

    def __repr__(self) -> str:
        """Show nothing of the customer."""
        return f"{type(self).__name__}(…)"


class Finalized(Struct, frozen=True, kw_only=True):
    """CartFinalizeOrderResponse; one that says neither yes nor no is none. Its order is without what `_expand` adds."""

    successful: bool
    order_id: str | None = None
    errors: list[str] | None = None

    @property
    def told(self) -> str:
        """All that it says, in one sentence."""
        return " ".join(self.errors or [])


class Imported(Finalized, frozen=True, kw_only=True):
    """ChannelPartnerImportResponse."""

    successful: bool = field(name="success")
    errors: list[str] | None = field(default=None, name="import_errors")
    error: Fault | None = None

    @property
    def told(self) -> str:
        """All that it says, in one sentence."""
        sentences = [*(self.errors or []), self.error and self.error.user_message]
        return " ".join(one for one in sentences if one)
