"""The tables in dicts, who may see and change them, and what all repositories do to rows."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports.errors import Conflict
from paylinks_ports.records.audit import AuditEntry
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.domains import Domain
from paylinks_ports.records.events import Delivery, Endpoint, OutgoingEvent, WebhookSecret
from paylinks_ports.records.idempotency import IdempotencyKey
from paylinks_ports.records.inbox import IncomingEvent
from paylinks_ports.records.mails import Mail
from paylinks_ports.records.marketing import MarketingNotice, MarketingPause
from paylinks_ports.records.payments import Payment, PaymentEvent
from paylinks_ports.records.people import Identity, Membership, User
from paylinks_ports.records.refunds import Refund
from paylinks_ports.records.salespeople import Salesperson
from paylinks_ports.records.sessions import LoginToken, Session
from paylinks_ports.records.settings import PluginSetting
from paylinks_ports.records.tenants import ApiKey, Brand, Organization
from paylinks_ports.records.upsells import UpsellSession
from paylinks_ports.storage import Due, Found, Window

from ..ownership import Owner
from ..searched import fold, searched_text

__all__ = ["Repository", "Tables", "View", "add", "due_of_accounts", "put_off", "replace_row", "windowed"]

T = TypeVar("T")


class Tables:
    """Rows by key; insertion order is kept."""

    def __init__(self) -> None:
        self.organizations: dict[str, Organization] = {}
        self.brands: dict[str, Brand] = {}
        self.api_keys: dict[str, ApiKey] = {}
        self.plugin_settings: dict[tuple[str, str], PluginSetting] = {}
        self.checkouts: dict[str, Checkout] = {}
        self.payments: dict[str, Payment] = {}
        self.payment_events: dict[str, PaymentEvent] = {}
        self.simulator_entries: dict[tuple[str, str], str] = {}
        self.audit_entries: dict[str, AuditEntry] = {}
        self.upsell_sessions: dict[str, UpsellSession] = {}
        self.refunds: dict[str, Refund] = {}
        self.incoming_events: dict[str, IncomingEvent] = {}
        self.outgoing_events: dict[str, OutgoingEvent] = {}
        self.endpoints: dict[str, Endpoint] = {}
        self.webhook_secrets: dict[str, WebhookSecret] = {}
        self.deliveries: dict[str, Delivery] = {}
        self.idempotency_keys: dict[str, IdempotencyKey] = {}
        self.users: dict[str, User] = {}
        self.memberships: dict[str, Membership] = {}
        self.recovery_codes: dict[tuple[str, str], str] = {}
        self.identities: dict[tuple[str, str], Identity] = {}
        self.sessions: dict[str, Session] = {}
        self.login_tokens: dict[str, LoginToken] = {}
        self.salespeople: dict[str, Salesperson] = {}
        self.mails: dict[str, Mail] = {}
        self.marketing_notices: dict[str, MarketingNotice] = {}
        self.marketing_pauses: dict[tuple[str, str, bool], MarketingPause] = {}
        self.domains: dict[str, Domain] = {}

    def copy(self) -> "Tables":
        """Give others with the same rows."""
        twin = Tables()
        for name, rows in vars(self).items():
            setattr(twin, name, dict(rows))
        return twin


class View:
    """The tables as one owner sees them."""

    def __init__(self, owner: Owner, tables: Callable[[], Tables]) -> None:
        self._owner = owner
        self._tables = tables

    @property
    def rows(self) -> Tables:
        """For reading."""
        self._owner.check()
        return self._tables()

    @property
    def changing(self) -> Tables:
        """For writing."""
        self._owner.check(writes=True)
        return self._tables()

    def need(self, *, holds: bool) -> None:
        """Say what a database's constraint would say; the unit of work is lost then, as it is there."""
        if not holds:
            error = Conflict("A constraint says no")
            self._owner.fail(error)
            raise error


class Repository:
    """The tables as one owner sees them, for one kind of row."""

    def __init__(self, view: View) -> None:
        self._view = view


def add(rows: dict[str, Any], row: Any, others: Iterable[bool] = ()) -> None:  # noqa: ANN401 - a record with an id
    """Add a row, unless its id is taken or any of `others` says that something else of it is."""
    if row.id in rows or any(others):
        raise Conflict("There is such a row already")
    rows[row.id] = row


def replace_row(rows: dict[str, Any], was: Any, now: Any) -> Any:  # noqa: ANN401 - a record with a version
    """Change a row that is still `was` (by version), and give it back with its new version."""
    if was.id not in rows or rows[was.id].version != was.version:
        raise Conflict("This row has been changed")
    kept: Struct = replace(now, id=was.id, version=was.version + 1)
    rows[was.id] = kept
    return kept


def due_of_accounts(rows: Iterable[T], time: str, now: int, limit: int, each: int) -> Due[T]:
    """Give the rows whose time has come, oldest first, the first of every account before the second of any."""
    places: Counter[tuple[str, str, bool]] = Counter()
    chosen: list[tuple[int, int, str, T]] = []

    def key(row: Any) -> tuple[int, str]:  # noqa: ANN401 - a record with that time
        return getattr(row, time), row.id

    for row in sorted((one for one in rows if getattr(one, time) is not None), key=key):
        one: Any = row
        account = (one.brand_id, one.provider, one.demo)
        places[account] += 1
        if getattr(one, time) <= now and places[account] <= each:
            chosen.append((places[account], *key(row), row))
    return Due(rows=tuple(row for *_, row in sorted(chosen, key=lambda one: one[:3])[:limit]))


def put_off(rows: dict[str, Any], time: str, ids: Sequence[str], until: int) -> None:
    """Put the time of some rows off."""
    for row_id in ids:
        if row_id in rows:
            replace_row(rows, rows[row_id], replace(rows[row_id], **{time: until}))


def windowed(rows: Iterable[T], window: Window, searched: Callable[[T], str] = searched_text) -> Found[T]:
    """Give the part of a list that is asked for, newest first; rows have an id and `created_at`."""
    wanted = fold(window.search) if window.search else ""

    def fits(row: Any) -> bool:  # noqa: ANN401 - a record with `created_at`
        return (
            (window.since is None or row.created_at >= window.since)
            and (window.until is None or row.created_at <= window.until)
            and (not wanted or wanted in searched(row))
        )

    def age(row: Any) -> tuple[int, str]:  # noqa: ANN401 - likewise
        return row.created_at, row.id

    found = sorted((row for row in rows if fits(row)), key=age, reverse=True)
    return Found(rows=tuple(found[window.offset : window.offset + window.limit]), total=len(found))
