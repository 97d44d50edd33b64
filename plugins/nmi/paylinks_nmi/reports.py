"""What query.php answers (Query API): XML with any number of transactions, each with its actions."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from msgspec import Struct

__all__ = ["Action", "GatewayError", "Transaction", "read_report"]


class GatewayError(Exception):
    """The answer is no report but an ``error_response``; wrong credentials are told so, too.

    Args:
        text: the gateway's own words, not fit to be passed on as they are.

    """

    def __init__(self, text: str) -> None:
        super().__init__("error_response")
        self.text = text


class Action(Struct, frozen=True, kw_only=True):
    """One thing that was done to a transaction."""

    type: str
    success: bool
    amount: str
    code: str
    text: str


class Transaction(Struct, frozen=True, kw_only=True):
    """One transaction; names, addresses and card data of it are never read.

    Args:
        customer_id: the Customer Vault's id of its card, where it is kept.
        original_id: the transaction that this one refunds.
        payment_id: ours, in the second of the merchant defined fields.

    """

    id: str
    condition: str
    order_id: str
    currency: str
    customer_id: str
    original_id: str
    payment_id: str
    authorization_code: str
    avs: str
    cvv: str
    actions: tuple[Action, ...]

    def done(self, *types: str) -> Iterator[Action]:
        """List the actions of some types that succeeded."""
        return (action for action in self.actions if action.success and action.type in types)


class _NoDoctype(TreeBuilder):
    """Refuses documents that declare anything.

    Without a declaration there are no entities to be expanded or fetched, and so expat, which is behind the standard
    library's parser, has nothing left that a hardened one would have to forbid.
    """

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:  # noqa: ARG002 - expat's
        """Refuse."""
        raise ValueError("the report declares a document type")


def read_report(body: bytes) -> tuple[Transaction, ...]:
    """Read an answer. Only an empty report says that there is nothing.

    Raises:
        GatewayError: it is an error, of which wrong credentials are one.
        ValueError: it is not in the gateway's form.

    """
    parser = XMLParser(target=_NoDoctype())  # noqa: S314 - it refuses what makes XML dangerous, see there
    try:
        parser.feed(body)
        root = parser.close()
    except (ParseError, LookupError) as error:  # no XML, or in an encoding that nobody knows
        raise ValueError("the report is no XML") from error
    if not isinstance(root, Element) or root.tag != "nm_response":
        raise ValueError("the report is not the gateway's")
    failed = root.find("error_response")
    if failed is not None:
        raise GatewayError((failed.text or "").strip())
    if any(child.tag != "transaction" for child in root) or (root.text or "").strip():
        raise ValueError("the report has other things in it than transactions")
    return tuple(_transaction(child) for child in root)


def _transaction(element: Element) -> Transaction:
    read = Transaction(
        id=_text(element, "transaction_id"),
        condition=_text(element, "condition"),
        order_id=_text(element, "order_id"),
        currency=_text(element, "currency"),
        customer_id=_text(element, "customerid"),
        original_id=_text(element, "original_transaction_id"),
        payment_id=_text(element, "merchant_defined_field[@id='2']"),
        authorization_code=_text(element, "authorization_code"),
        avs=_text(element, "avs_response"),
        cvv=_text(element, "csc_response"),
        actions=tuple(
            Action(
                type=_text(action, "action_type"),
                success=_text(action, "success") == "1",
                amount=_text(action, "amount"),
                code=_text(action, "response_code"),
                text=_text(action, "response_text"),
            )
            for action in element.findall("action")
        ),
    )
    if not read.id or not read.condition:
        raise ValueError("a transaction of the report has no id or no condition")
    return read


def _text(element: Element, name: str) -> str:
    return (element.findtext(name) or "").strip()
