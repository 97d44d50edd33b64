"""Reports: transactions by order id, transaction id or a merchant defined field, as XML (Query API, "Examples")."""

from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from paylinks_ports import SimulatedWorld

from .books import find, find_list
from .faults import GatewayFault
from .records import TransactionRecord, written

__all__ = ["failed_report", "report"]

_FILTERS = {"order_id", "transaction_id", *(f"merchant_defined_field_{number}" for number in range(1, 21))}


async def report(world: SimulatedWorld, form: dict[str, str]) -> bytes:
    """Write what all filters find.

    Raises:
        GatewayFault: a filter is unknown, or there is none.

    """
    unknown = form.keys() - _FILTERS
    if unknown or not form or not all(form.values()):
        raise GatewayFault(f"Invalid query {' '.join(sorted(unknown))}".strip())
    found = [await _names(world, name, value) for name, value in form.items()]
    names = [name for name in found[0] if all(name in other for other in found[1:])]
    root = Element("nm_response")
    for name in names:
        record = await find(world, name)
        if record is not None and record.visible_at <= world.now():
            _write(root, record)
    return _encoded(root)


def failed_report(text: str) -> bytes:
    """Write an error."""
    root = Element("nm_response")
    SubElement(root, "error_response").text = text
    return _encoded(root)


def _encoded(root: Element) -> bytes:
    encoded: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return encoded


async def _names(world: SimulatedWorld, name: str, value: str) -> Iterable[str]:
    return value.split(",") if name == "transaction_id" else await find_list(world, f"{name}/{value}")


def _write(root: Element, record: TransactionRecord) -> None:
    element = SubElement(root, "transaction")
    described = {
        "transaction_id": record.id,
        "original_transaction_id": record.original,
        "transaction_type": "cc",
        "condition": record.condition,
        "order_id": record.order_id,
        "authorization_code": record.authorization_code,
        "order_description": record.description,
        "customerid": record.vault_id,
        "cc_number": "4xxxxxxxxxxx1111",
        "avs_response": record.avs,
        "csc_response": record.cvv,
        "currency": record.currency,
    }
    for name, value in described.items():
        SubElement(element, name).text = value
    for name, value in record.fields.items():
        number = name.rpartition("_")[2]
        SubElement(element, "merchant_defined_field", id=number).text = value
    for action in record.actions:
        done = SubElement(element, "action")
        told = {
            "amount": action.amount,
            "action_type": action.type,
            "date": datetime.fromtimestamp(action.at / 1000, UTC).strftime("%Y%m%d%H%M%S"),
            "success": "1" if action.success else "0",
            "source": "internal" if action.type == "settle" else "api",
            "response_text": action.text,
            "response_code": action.code,
            "requested_amount": written(record.asked),
        }
        for name, value in told.items():
            SubElement(done, name).text = value
