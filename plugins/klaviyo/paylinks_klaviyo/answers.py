"""What Klaviyo answers, as far as it is read (its OpenAPI of stable revisions); more fields may come at any time."""

from datetime import UTC, datetime

from msgspec import Struct

__all__ = ["EmailMarketing", "ListPage", "ProfileAnswer"]

# A hard bounce or a bad address is no wish of the customer's, and subscribing does not lift it.
_WISHES = frozenset({"SPAM_COMPLAINT", "UNSUBSCRIBE", "USER_SUPPRESSED"})


class _ListAttributes(Struct, frozen=True):
    name: str | None = None


class _ListResource(Struct, frozen=True):
    id: str
    attributes: _ListAttributes = _ListAttributes()


class _Links(Struct, frozen=True):
    next: str | None = None


class ListPage(Struct, frozen=True):
    """One page of lists."""

    data: list[_ListResource]
    links: _Links = _Links()


class _Suppression(Struct, frozen=True):
    reason: str
    timestamp: str | None = None
    list_id: str | None = None


class EmailMarketing(Struct, frozen=True):
    """Whether a profile may be written to, and its own wishes against it."""

    consent: str = ""
    consent_timestamp: str | None = None
    last_updated: str | None = None
    suppression: list[_Suppression] | None = None
    list_suppressions: list[_Suppression] | None = None

    def refused_since(self, agreed_at: int, list_id: str) -> bool:
        """Say whether the customer has withdrawn after they had agreed; a withdrawal without a time counts as later.

        Args:
            agreed_at: Unix milliseconds.
            list_id: the list they are about to be subscribed to.

        """
        withdrawn = [
            each.timestamp
            for each in (*(self.suppression or ()), *(self.list_suppressions or ()))
            if each.reason in _WISHES and each.list_id in (None, list_id)
        ]
        if self.consent == "UNSUBSCRIBED":
            withdrawn.append(self.last_updated or self.consent_timestamp)
        return any(_later(moment, agreed_at) for moment in withdrawn)


def _later(moment: str | None, than: int) -> bool:
    try:
        read = datetime.fromisoformat(moment or "")
    except ValueError:
        return True
    # The specification writes some of its times without an offset.
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp() * 1000 > than


class _EmailChannel(Struct, frozen=True):
    marketing: EmailMarketing = EmailMarketing()


class _Subscriptions(Struct, frozen=True):
    email: _EmailChannel | None = None


class _ProfileAttributes(Struct, frozen=True):
    subscriptions: _Subscriptions | None = None


class _ProfileResource(Struct, frozen=True):
    id: str
    attributes: _ProfileAttributes = _ProfileAttributes()


class ProfileAnswer(Struct, frozen=True):
    """A profile that was written, with its subscriptions where they were asked for."""

    data: _ProfileResource

    @property
    def email_marketing(self) -> EmailMarketing:
        """What it says of e-mail; nothing said is nothing refused."""
        subscriptions = self.data.attributes.subscriptions
        return ((subscriptions and subscriptions.email) or _EmailChannel()).marketing
