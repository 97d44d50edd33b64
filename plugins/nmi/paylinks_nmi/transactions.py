"""One transaction as reports and events tell of it (Query API; Webhooks), and what it means to the platform."""

from collections.abc import Iterable, Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from paylinks_ports import (
    Canceled,
    Declined,
    Money,
    NotFound,
    Paid,
    Pending,
    Refunded,
    RefundFailed,
    SavedMethod,
    Unknown,
    read_amount,
)

from .answers import Answer
from .declines import declined, redact

__all__ = ["Action", "Transaction", "judge", "judge_refund", "taken"]

_CHARGES = ("sale", "capture")
_REFUNDS = ("refund", "credit")
# Payment API, "Result Code Table": communication errors, with the processor and with the issuer. The gateway calls it
# failed because it heard nothing; the bank may have taken the money all the same.
_NOT_HEARD = frozenset({"420", "421"})


class Action(Struct, frozen=True, kw_only=True):
    """One thing that was done to a transaction."""

    type: str = field(default="", name="action_type")
    success: str = ""
    amount: str = ""
    code: str | None = field(default=None, name="response_code")
    text: str | None = field(default=None, name="response_text")


class Transaction(Struct, frozen=True, kw_only=True):
    """One transaction; names, addresses and card data of it are never read.

    Args:
        merchant_defined_field_2: our payment's id.
        vault_id: the Customer Vault's id of its card, where it is kept.

    """

    transaction_id: str = ""
    condition: str = ""
    order_id: str | None = None
    currency: str = ""
    merchant_defined_field_2: str = ""
    authorization_code: str | None = None
    avs: str | None = field(default=None, name="avs_response")
    cvv: str | None = field(default=None, name="csc_response")
    vault_id: str | None = field(default=None, name="customerid")
    actions: tuple[Action, ...] = ()

    def done(self, *types: str) -> Iterator[Action]:
        """List the actions of some types that succeeded."""
        return (action for action in self.actions if action.success == "1" and action.type in types)

    @property
    def failure(self) -> Action:
        """Its last action that failed; an empty one where none is told of."""
        return next((action for action in reversed(self.actions) if action.success != "1"), Action())

    @property
    def is_refund(self) -> bool:
        """Whether it gives back, and took nothing itself."""
        types = {action.type for action in self.actions}
        return not types.isdisjoint(_REFUNDS) and types.isdisjoint((*_CHARGES, "auth"))

    @property
    def voided(self) -> bool:
        """Whether all of it was given back by a void, which has no order id and no transaction of its own."""
        return self.condition == "canceled" and any(self.done("void"))


def taken(sale: Answer | Transaction, amount: str, currency: str) -> Paid | Unknown:
    """Tell of a sale that took money; `amount` is as the gateway writes it."""
    reference = sale.transaction_id
    try:
        money = read_amount(amount, currency)
    except ValueError as error:
        return Unknown(message=f"It is paid, but how much can't be read: {error}", reference=reference)
    said = {
        "authCode": sale.authorization_code,
        "avsResponse": sale.avs,
        "cvvResponse": sale.cvv,
        "customerVaultId": sale.vault_id,
    }
    return Paid(
        reference=reference,
        transaction_id=reference,
        money=money,
        saved_method=SavedMethod(sale.vault_id) if sale.vault_id else None,
        details={name: text for name, text in said.items() if text},
    )


def judge(
    currency: str, transactions: Iterable[Transaction]
) -> Paid | Pending | Unknown | Canceled | Declined | NotFound:
    """Say what transactions of one attempt come to together.

    Several can share one order id: a sale and its refunds, or a decline and what came after it. So none is "the first";
    what tells most counts, and money that was taken twice is told as the sum, which the platform then does not accept
    as the order's amount.

    Args:
        currency: of transactions that name none.
        transactions: in any order.

    """
    by_id = {one.transaction_id: one for one in transactions}  # a report may list one twice
    found = [_judge(currency, one) for one in by_id.values() if not one.is_refund]
    paid = [one for one in found if isinstance(one, Paid)]
    if len({one.money.currency for one in paid}) > 1:
        return Unknown(message="It was paid more than once, in several currencies", reference=paid[0].reference)
    if paid:
        return replace(paid[0], money=Money(sum(one.money.amount for one in paid), paid[0].money.currency))
    ranks = (Pending, Unknown, Canceled, Declined)
    return min(found, key=lambda one: ranks.index(type(one)), default=NotFound())


def _judge(currency: str, one: Transaction) -> Paid | Pending | Unknown | Canceled | Declined:
    match one.condition:  # Query API, "condition"
        case "pendingsettlement" | "complete":
            return taken(one, next(one.done(*_CHARGES), Action()).amount, one.currency or currency)
        case "in_progress" | "pending":  # a step is missing; an authorization that nobody has captured
            return Pending(reference=one.transaction_id)
        case "canceled":
            return Canceled(reference=one.transaction_id)
        case "failed" | "abandoned" if one.failure.code not in _NOT_HEARD:
            return declined(one.failure.code, one.failure.text)
        case _:  # "unknown" is the gateway's own doubt; and it may add conditions
            return Unknown(message="The gateway does not know what became of it", reference=one.transaction_id)


def judge_refund(currency: str, transactions: Iterable[Transaction]) -> Refunded | Unknown | RefundFailed | NotFound:
    """Say what transactions with a refund's own order id come to together; `currency` is of those that name none."""
    found = [_judge_refund(currency, one) for one in transactions if one.is_refund]
    ranks = (Refunded, Unknown, RefundFailed)
    return min(found, key=lambda one: ranks.index(type(one)), default=NotFound())


def _judge_refund(currency: str, one: Transaction) -> Refunded | RefundFailed | Unknown:
    match one.condition:
        case "pendingsettlement" | "complete":
            # Some reports write what leaves the account with a minus.
            amount = next(one.done(*_REFUNDS), Action()).amount.removeprefix("-")
            try:
                return Refunded(reference=one.transaction_id, money=read_amount(amount, one.currency or currency))
            except ValueError as error:
                message = f"It is refunded, but how much can't be read: {error}"
                return Unknown(message=message, reference=one.transaction_id)
        case "failed" | "abandoned" | "canceled":
            text = redact(one.failure.text or "") or "The gateway has the refund as failed"
            return RefundFailed(message=text, reference=one.transaction_id)
        case _:
            message = "The gateway does not know what became of the refund"
            return Unknown(message=message, reference=one.transaction_id)
