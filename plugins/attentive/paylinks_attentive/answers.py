"""What Attentive answers, as far as it is read (its OpenAPI of v1 and v2); more fields may come at any time."""

from msgspec import Struct

__all__ = ["SegmentPage", "Subscriptions"]


class _Segment(Struct, frozen=True, rename="camel"):
    external_id: str
    name: str | None = None


class SegmentPage(Struct, frozen=True, rename="camel"):
    """One page of segments."""

    segments: list[_Segment]
    cursor: str | None = None
    has_more: bool = False


class _Subscription(Struct, frozen=True):
    type: str | None = None
    channel: str | None = None


class _Eligible(Struct, frozen=True, rename="camel"):
    is_eligible: bool = False


class _Eligibility(Struct, frozen=True):
    subscription: _Subscription
    eligibility: _Eligible = _Eligible()


class Subscriptions(Struct, frozen=True, rename="camel"):
    """What a customer may be sent."""

    subscription_eligibilities: list[_Eligibility] = []

    @property
    def marketing_by_email(self) -> bool:
        """Whether the customer is subscribed to marketing e-mails already."""
        return any(
            each.eligibility.is_eligible
            and (each.subscription.type, each.subscription.channel) == ("MARKETING", "EMAIL")
            for each in self.subscription_eligibilities
        )
