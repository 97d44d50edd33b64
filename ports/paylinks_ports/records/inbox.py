"""What providers have told us by themselves: one row an event, with the call it came in."""

from typing import Literal, TypeAlias

from msgspec import Struct, field

from ..webhooks import PaymentNews, RefundNews

__all__ = ["IncomingEvent", "IncomingState", "KeptNews"]

IncomingState: TypeAlias = Literal["received", "done", "waiting", "failed", "ignored"]
"""`waiting`: no order is known for it yet; `failed`: it is tried again; `ignored`: it is about nothing of ours."""


class KeptNews(Struct, frozen=True, kw_only=True):
    """What was read in a call that could not be kept as it came."""

    payment: PaymentNews | None = None
    refund: RefundNews | None = None


class IncomingEvent(Struct, frozen=True, kw_only=True):
    """One event of a provider, unique by brand, provider and the provider's own id of it.

    Args:
        event_id: the provider's own.
        type: the provider's own word.
        demo: it is about demo orders, of the brand's double at the provider.
        body: the call's, as `encoding` says; card numbers are struck out, and then `kept` holds what was read before.
        headers: without secrets, likewise `query`.
        checkout_id: whose story it belongs to, once known.
        error: why it waits, failed or was ignored.
        attempts: how often it was processed.
        process_at: when it is processed next, Unix milliseconds; None: not any more.
        created_at: when it was received, Unix milliseconds.
        version: rises with every change; `replace` compares it.

    """

    id: str
    brand_id: str
    provider: str
    event_id: str
    type: str
    demo: bool
    method: str = "POST"
    body: str
    encoding: Literal["text", "base64"] = "text"
    headers: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    kept: KeptNews | None = None
    state: IncomingState = "received"
    checkout_id: str | None = None
    error: str | None = None
    attempts: int = 0
    process_at: int | None = None
    created_at: int
    updated_at: int
    version: int = 1
