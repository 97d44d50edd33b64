"""Reports: what transactions of one order id come to together, and XML that is no report but an attack."""

import pytest

from paylinks_nmi.reports import read_report
from paylinks_nmi.transactions import judge, judge_refund
from paylinks_ports import (
    Canceled,
    Declined,
    LookUpResult,
    Money,
    NotFound,
    Paid,
    Pending,
    Refunded,
    RefundFailed,
    SavedMethod,
    Unknown,
)


def action(kind: str = "sale", amount: str = "10.00", success: str = "1", code: str = "100", text: str = "") -> str:
    """Write an action."""
    return (
        f"<action><amount>{amount}</amount><action_type>{kind}</action_type><success>{success}</success>"
        f"<response_text>{text}</response_text><response_code>{code}</response_code></action>"
    )


def transaction(name: str, condition: str, *actions: str, currency: str = "USD", vault: str = "") -> str:
    """Write a transaction."""
    return (
        f"<transaction><transaction_id>{name}</transaction_id><condition>{condition}</condition>"
        f"<order_id>att_1</order_id><currency>{currency}</currency><customerid>{vault}</customerid>"
        f"{''.join(actions)}</transaction>"
    )


DECLINE = transaction("1", "failed", action(success="0", code="202", text="Insufficient funds"))
SALE = transaction("2", "complete", action(), action("level3"), action("settle"), vault="77")
REFUND = transaction("3", "pendingsettlement", action("refund", "4.00"))


def look(*transactions: str) -> LookUpResult:
    """Judge a report of some transactions."""
    return judge("USD", read_report(f"<nm_response>{''.join(transactions)}</nm_response>".encode()))


@pytest.mark.parametrize(
    ("condition", "actions", "kind"),
    [
        ("pendingsettlement", [action()], Paid),
        ("complete", [action(), action("settle")], Paid),
        ("complete", [action("auth"), action("capture")], Paid),
        ("complete", [action(), action("refund", "3.00")], Paid),
        ("complete", [action(success="0")], Unknown),
        ("complete", [], Unknown),
        ("complete", [action(amount="ten")], Unknown),
        ("complete", [action(amount="10.001")], Unknown),
        ("complete", [action(amount="")], Unknown),
        ("pending", [action("auth")], Pending),
        ("in_progress", [action()], Pending),
        ("canceled", [action(), action("void")], Canceled),
        ("failed", [action(success="0", code="200")], Declined),
        ("failed", [], Declined),
        ("abandoned", [], Declined),
        ("failed", [action(success="0", code="400")], Declined),
        ("failed", [action(success="0", code="420")], Unknown),  # the bank may have taken it, and was not heard
        ("failed", [action(success="0", code="421")], Unknown),
        ("unknown", [action()], Unknown),
        ("something new", [action()], Unknown),
    ],
)
def test_conditions(condition: str, actions: list[str], kind: type) -> None:
    """Every condition has its meaning, and none that is not known is a decline."""
    assert isinstance(look(transaction("1", condition, *actions)), kind)


def test_a_transaction_listed_twice() -> None:
    """It was taken once."""
    paid = look(SALE, SALE)
    assert isinstance(paid, Paid)
    assert paid.money == Money(1000, "USD")


def test_never_the_first() -> None:
    """Whatever the order, what tells most counts; a refund under the same order id is not the sale."""
    for order in ((DECLINE, SALE, REFUND), (REFUND, DECLINE, SALE), (SALE, REFUND, DECLINE)):
        paid = look(*order)
        assert isinstance(paid, Paid)
        assert (paid.reference, paid.money, paid.saved_method) == ("2", Money(1000, "USD"), SavedMethod("77"))
    declined = look(REFUND, DECLINE)
    assert isinstance(declined, Declined)
    assert (declined.code, declined.message) == ("insufficient_funds", "Insufficient funds")
    assert isinstance(look(DECLINE, transaction("4", "unknown")), Unknown)
    assert isinstance(look(DECLINE, transaction("4", "in_progress"), transaction("5", "unknown")), Pending)
    assert look(REFUND) == NotFound()
    assert look() == NotFound()


def test_taken_twice_is_never_the_orders_amount() -> None:
    """Two sales of one attempt are told as their sum, so that a person looks at it."""
    twice = look(SALE, transaction("4", "pendingsettlement", action()))
    assert isinstance(twice, Paid)
    assert twice.money == Money(2000, "USD")
    assert isinstance(look(SALE, transaction("4", "complete", action(), currency="EUR")), Unknown)


def test_currency() -> None:
    """The report's own currency counts; where it has none, the order's; nonsense is a doubt."""
    other = look(transaction("1", "complete", action(), currency="EUR"))
    assert isinstance(other, Paid)
    assert other.money == Money(1000, "EUR")
    silent = look(transaction("1", "complete", action(), currency=""))
    assert isinstance(silent, Paid)
    assert silent.money == Money(1000, "USD")
    assert isinstance(look(transaction("1", "complete", action(), currency="dollars")), Unknown)


@pytest.mark.parametrize(
    ("condition", "actions", "kind"),
    [
        ("pendingsettlement", [action("refund")], Refunded),
        ("complete", [action("refund", "-10.00")], Refunded),
        ("complete", [action("credit"), action("settle")], Refunded),
        ("complete", [action("refund", success="0")], Unknown),
        ("complete", [action("refund", "ten")], Unknown),
        ("failed", [action("refund", success="0", text="Refused")], RefundFailed),
        ("canceled", [action("refund"), action("void")], RefundFailed),
        ("unknown", [action("refund")], Unknown),
        ("complete", [action()], NotFound),
    ],
)
def test_refund_conditions(condition: str, actions: list[str], kind: type) -> None:
    """As for sales; what is no refund is not found."""
    report = read_report(f"<nm_response>{transaction('1', condition, *actions)}</nm_response>".encode())
    assert isinstance(judge_refund("USD", report), kind)


@pytest.mark.parametrize(
    ("condition", "actions", "voided"),
    [
        ("canceled", [action(), action("void")], True),
        ("canceled", [action()], False),
        ("canceled", [action(), action("void", success="0")], False),
        ("complete", [action(), action("void")], False),
    ],
)
def test_voids(condition: str, actions: list[str], voided: bool) -> None:  # noqa: FBT001 - a case
    """All goes back only where the sale is canceled, and by a void that succeeded."""
    [sale] = read_report(f"<nm_response>{transaction('1', condition, *actions)}</nm_response>".encode())
    assert sale.voided is voided


LAUGHS = """<?xml version="1.0"?><!DOCTYPE nm_response [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<nm_response><transaction><transaction_id>&b;</transaction_id><condition>&a;</condition></transaction></nm_response>"""
FILE = """<!DOCTYPE nm_response [<!ENTITY f SYSTEM "file:///etc/hostname">]>
<nm_response><transaction><transaction_id>&f;</transaction_id><condition>c</condition></transaction></nm_response>"""


@pytest.mark.parametrize(
    "body",
    [
        LAUGHS.encode(),
        LAUGHS.replace("?>", ' encoding="UTF-16"?>', 1).encode("utf-16"),
        FILE.encode(),
        b'<!DOCTYPE nm_response SYSTEM "http://localhost:9/x.dtd"><nm_response/>',
        b"<nm_response>&nothing;</nm_response>",
    ],
)
def test_documents_that_declare_anything_are_refused(body: bytes) -> None:
    """No entity is expanded, and none is fetched."""
    with pytest.raises(ValueError, match=r"document type|no XML"):
        read_report(body)


def test_errors_are_told_apart() -> None:
    """An error is no empty report; an empty one, in either form, is."""
    with pytest.raises(ValueError, match=r"^Invalid Security Key$"):
        read_report(b"<nm_response><error_response>Invalid Security Key</error_response></nm_response>")
    assert read_report(b"<nm_response/>") == ()
    assert read_report(b'<?xml version="1.0" encoding="UTF-8"?>\n<nm_response>\n</nm_response>\n') == ()
