"""Voids and refunds of what was sold."""

from msgspec.structs import replace

from paylinks_ports import SimulatedWorld

from .books import add, change, find, new_id
from .faults import GatewayFault
from .forms import hundredths
from .records import ActionRecord, TransactionRecord, written

__all__ = ["refund", "void"]


async def void(world: SimulatedWorld, form: dict[str, str]) -> dict[str, str]:
    """Undo a sale before its batch settles; it becomes an action of the sale and has no order id of its own.

    Raises:
        GatewayFault: it has settled, is refunded in part, or was voided before.

    """

    def edit(record: TransactionRecord) -> TransactionRecord:
        if record.condition != "pendingsettlement" or record.refunded:
            raise GatewayFault("Only transactions pending settlement can be voided")
        action = ActionRecord(
            type="void", amount=written(record.amount), at=world.now(), text="Transaction Void Successful"
        )
        return replace(record, condition="canceled", actions=(*record.actions, action))

    record = await change(world, form["transactionid"], edit)
    return {
        "response": "1",
        "responsetext": "Transaction Void Successful",
        "transactionid": record.id,
        "orderid": record.order_id,
        "response_code": "100",
    }


async def refund(world: SimulatedWorld, form: dict[str, str]) -> dict[str, str]:
    """Give back a part, or with 0.00 all that is left, as a transaction of its own.

    Raises:
        GatewayFault: more than is left, or nothing was taken.

    """
    asked = hundredths(form["amount"])
    amount = 0

    def edit(record: TransactionRecord) -> TransactionRecord:
        nonlocal amount
        left = record.amount - record.refunded
        amount = asked or left
        if record.type != "sale" or record.condition not in ("pendingsettlement", "complete"):
            raise GatewayFault("Only settled transactions can be refunded")
        if amount > left or not amount:
            raise GatewayFault("Refund amount may not exceed the transaction balance")
        return replace(record, refunded=record.refunded + amount)

    sale = await find(world, form["transactionid"])
    if sale is None:
        raise GatewayFault("Transaction not found")
    sale = await change(world, sale.id, edit)
    now = world.now()
    record = TransactionRecord(
        id=new_id(),
        type="refund",
        condition="pendingsettlement",
        # Without an order id of its own a refund goes by its sale's.
        order_id=form.get("orderid") or sale.order_id,
        amount=amount,
        asked=amount,
        currency=sale.currency,
        created=now,
        visible_at=now,
        card=sale.card,
        original=sale.id,
        fields=sale.fields,
        actions=(ActionRecord(type="refund", amount=written(amount), at=now),),
    )
    await add(world, record)
    return {
        "response": "1",
        "responsetext": "SUCCESS",
        "transactionid": record.id,
        "orderid": record.order_id,
        "response_code": "100",
    }
