"""What Maropost answers, as far as it is read; more fields may come at any time."""

from datetime import datetime, timedelta, timezone

from msgspec import Struct

__all__ = ["Contact", "ListItem", "OrderAnswer"]

_EASTERN = timezone(timedelta(hours=-5))


class ListItem(Struct, frozen=True):
    """One list of a page; each says how many pages there are."""

    id: int | str
    name: str | None = None
    total_pages: int | str | None = None


class _ListSubscription(Struct, frozen=True):
    list_id: int | str
    status: str | None = None
    updated_at: str | None = None


class Contact(Struct, frozen=True):
    """A contact, with its subscriptions where it was looked for by its address."""

    id: int | str
    list_subscriptions: list[_ListSubscription] | None = None

    def refused_since(self, agreed_at: int, list_id: str) -> bool:
        """Say whether the customer has left a list after they had agreed; a leaving without a time counts as later.

        Args:
            agreed_at: Unix milliseconds.
            list_id: the list they are about to be subscribed to.

        """
        return any(
            str(each.list_id) == list_id
            and (each.status or "").casefold() == "unsubscribed"
            and _later(each.updated_at, agreed_at)
            for each in self.list_subscriptions or ()
        )


class OrderAnswer(Struct, frozen=True):
    """An order, as far as it names itself."""

    original_order_id: str | int | None = None


def _later(moment: str | None, than: int) -> bool:
    try:
        read = datetime.fromisoformat(moment or "")
    except ValueError:
        return True
    # Maropost's own times are of the east of America where they say no offset.
    return (read if read.tzinfo else read.replace(tzinfo=_EASTERN)).timestamp() * 1000 > than
