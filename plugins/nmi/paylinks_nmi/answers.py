"""What transact.php answers, and what is certain about the call (Payment API, "Transaction Response Variables").

It answers 200 whether it has approved, declined or refused; `response_code` says more than `response`, and for what
the gateway itself rejects (300) only the text says why.
"""

import re
from typing import Literal, TypeAlias
from urllib.parse import parse_qsl

from msgspec import Struct

from .declines import DECLINES, TEXTS

__all__ = ["Answer", "Verdict", "is_about_credentials", "read_answer"]

Verdict: TypeAlias = Literal["approved", "declined", "credentials", "busy", "duplicate", "no_vault", "refused", "doubt"]
"""``declined``, ``credentials``, ``busy``, ``no_vault`` and ``refused``: nothing was charged. ``duplicate``: nothing
by this call, but maybe by an earlier one. ``doubt``: anything may have happened."""

_REFERENCE = re.compile(r"\s*REFID:\d+\s*$")
_CREDENTIALS = (
    "authentication failed",
    "specified api key not found",
    "invalid security key",
    "invalid username",
)
_PERMISSION = "permission"
_DUPLICATE = "duplicate transaction"
_NO_VAULT = "your account is not set up to use the customer vault"
_MOST_FIELDS = 200

# Payment API, "Result Code Table".
_APPROVED = "100"
_REJECTED = "300"
_RATE_LIMIT = "301"
_PROCESSOR_DUPLICATE = "430"
_DOUBTS = frozenset({"400", "420", "421"})  # an error of the processor's, a communication error, one with the issuer
_REFUSALS = frozenset({"410", "411", "440", "441", "460"})  # merchant configuration, format, feature not available


class Answer(Struct, frozen=True, kw_only=True):
    """One answer; empty text where it says nothing."""

    response: str
    code: str = ""
    text: str = ""
    transaction_id: str = ""
    order_id: str = ""
    authorization_code: str = ""
    avs: str = ""
    cvv: str = ""
    vault_id: str = ""
    amount_authorized: str = ""

    @property
    def plain_text(self) -> str:
        """The text in lower case, without the support reference of this one call."""
        return _REFERENCE.sub("", self.text).strip().lower()

    @property
    def verdict(self) -> Verdict:
        """What is certain about the call."""
        if self.code in _DOUBTS:
            return "doubt"
        if self.code == _PROCESSOR_DUPLICATE or self.plain_text.startswith(_DUPLICATE):
            return "duplicate"
        match self.response:
            case "1":
                return "approved" if self.code == _APPROVED and self.transaction_id else "doubt"
            case "2" if self.code.startswith("2"):
                return "declined"
            case "3":
                return self._error()
            case _:
                return "doubt"

    def _error(self) -> Verdict:  # noqa: PLR0911 - one for each kind of error
        if self.code == _RATE_LIMIT:
            return "busy"
        if self.code in DECLINES:
            return "declined"
        if self.code in _REFUSALS:
            return "refused"
        if self.code != _REJECTED:
            return "doubt"
        if is_about_credentials(self.text):
            return "credentials"
        if self.plain_text.startswith(_NO_VAULT):
            return "no_vault"
        return "declined" if self.plain_text.startswith(tuple(TEXTS)) else "refused"


def is_about_credentials(text: str) -> bool:
    """Say whether an error's text is about the key, or about what the key may do."""
    plain = text.strip().lower()
    return plain.startswith(_CREDENTIALS) or _PERMISSION in plain


def read_answer(status: int, body: str) -> Answer | None:
    """Read an answer; None: it is not in the gateway's form."""
    if status != 200:  # noqa: PLR2004 - the only status it answers with
        return None
    try:
        pairs = parse_qsl(body.strip(), keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None
    fields = dict(pairs)
    if len(fields) != len(pairs) or fields.get("response") not in ("1", "2", "3"):
        return None
    transaction_id = fields.get("transactionid", "")
    return Answer(
        response=fields["response"],
        code=fields.get("response_code", ""),
        text=fields.get("responsetext", ""),
        transaction_id="" if transaction_id == "0" else transaction_id,
        order_id=fields.get("orderid", ""),
        authorization_code=fields.get("authcode", ""),
        avs=fields.get("avsresponse", ""),
        cvv=fields.get("cvvresponse", ""),
        vault_id=fields.get("customer_vault_id", ""),
        amount_authorized=fields.get("amount_authorized", ""),
    )
