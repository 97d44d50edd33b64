"""What query.php answers (Query API): XML with any number of transactions, each with its actions."""

from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

import msgspec

from .transactions import Transaction

__all__ = ["read_report"]


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
        ValueError: it is not in the gateway's form, or it is an error, in the gateway's words, of which wrong
            credentials are one.

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
        raise ValueError((failed.text or "").strip())
    if any(child.tag != "transaction" for child in root) or (root.text or "").strip():
        raise ValueError("the report has other things in it than transactions")
    return tuple(_transaction(child) for child in root)


def _transaction(element: Element) -> Transaction:
    ours = (element.findtext("merchant_defined_field[@id='2']") or "").strip()
    actions = [_texts(action) for action in element.findall("action")]
    read = msgspec.convert(_texts(element) | {"merchant_defined_field_2": ours, "actions": actions}, Transaction)
    if not read.transaction_id or not read.condition:
        raise ValueError("a transaction of the report has no id or no condition")
    return read


def _texts(element: Element) -> dict[str, str]:
    return {child.tag: (child.text or "").strip() for child in element}
