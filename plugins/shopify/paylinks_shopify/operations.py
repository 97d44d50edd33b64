"""Shopify's own words over HTTP: what its operation takes and answers."""

from typing import Annotated

from msgspec import Meta, Struct

from paylinks_ports import OperationAnswer, OperationBody, Outcome

__all__ = ["CheckoutCreated", "CreateCheckoutBody", "Line", "checkout_created"]


class Line(Struct, frozen=True, kw_only=True, rename="camel"):
    """So many of one variant of the shop, at its price there."""

    variant_id: Annotated[str, Meta(pattern=r"^(gid://shopify/ProductVariant/)?[0-9]{1,20}$")]
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)] = 1


class CreateCheckoutBody(OperationBody, frozen=True, kw_only=True, rename="camel"):
    """What is sold; without lines the order's own items at its own prices."""

    lines: Annotated[tuple[Line, ...], Meta(max_length=400)] = ()


class CheckoutCreated(OperationAnswer, frozen=True, kw_only=True, rename="camel"):
    """Where the customer pays; no page once there is nothing left to pay."""

    checkout_url: str | None
    draft_order_id: str | None


def checkout_created(outcome: Outcome) -> CheckoutCreated:
    """Tell of a draft order."""
    page = outcome.browser.get("checkoutUrl")
    return CheckoutCreated(**outcome.common, checkout_url=page, draft_order_id=outcome.reference)
