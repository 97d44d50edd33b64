"""What the simulator remembers: one document a transaction, one a card in the vault. Times are Unix milliseconds."""

from typing import Literal, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

__all__ = ["ActionRecord", "Condition", "TransactionRecord", "VaultRecord", "at", "written"]

Condition: TypeAlias = Literal["pendingsettlement", "complete", "in_progress", "canceled", "failed", "unknown"]

_BATCH = 24 * 60 * 60 * 1000  # the batch of a day


class ActionRecord(Struct, frozen=True, kw_only=True):
    """One thing that was done to a transaction."""

    type: Literal["sale", "refund", "void", "settle"]
    amount: str
    at: int
    success: bool = True
    code: str = "100"
    text: str = "SUCCESS"


class TransactionRecord(Struct, frozen=True, kw_only=True):
    """One sale or refund.

    Args:
        amount: what was authorized, in hundredths.
        asked: what was asked for, in hundredths.
        refunded: what refunds have taken of it.
        card: whose card it is; the same text, the same card.
        visible_at: when reports show it.
        pays_at: when what is in progress ends well.

    """

    id: str
    type: Literal["sale", "refund"]
    condition: Condition
    order_id: str
    amount: int
    asked: int
    currency: str
    created: int
    visible_at: int
    card: str = ""
    original: str = ""
    vault_id: str = ""
    description: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    authorization_code: str = ""
    avs: str = ""
    cvv: str = ""
    refunded: int = 0
    pays_at: int | None = None
    actions: tuple[ActionRecord, ...] = ()


class VaultRecord(Struct, frozen=True, kw_only=True):
    """One kept card."""

    id: str
    card: str


def at(record: TransactionRecord, now: int) -> TransactionRecord:
    """Give a transaction as it is at a time: what is in progress ends, and what is approved settles after a day."""
    if record.condition == "in_progress" and record.pays_at is not None and record.pays_at <= now:
        done = ActionRecord(type="sale", amount=written(record.amount), at=record.pays_at)
        record = replace(record, condition="pendingsettlement", actions=(done,), authorization_code="123456")
    if record.condition == "pendingsettlement" and record.created + _BATCH <= now:
        settled = ActionRecord(type="settle", amount=written(record.amount), at=record.created + _BATCH)
        record = replace(record, condition="complete", actions=(*record.actions, settled))
    return record


def written(hundredths: int) -> str:
    """Write an amount."""
    return f"{hundredths // 100}.{hundredths % 100:02}"
