"""What transact.php answers, and what is certain about the call (Payment API, "Transaction Response Variables").

It answers 200 whether it has approved, declined or refused; `response_code` says more than `response`, and for what
the gateway itself rejects (300) only the text says why.
"""

from typing import Literal, TypeAlias
from urllib.parse import parse_qsl

import httpx
import msgspec
from msgspec import Struct, field

from paylinks_ports import RefusalKind, meaning_of

from .declines import DECLINES, TEXTS

__all__ = ["Answer", "Verdict", "is_about_credentials", "read_answer"]

Verdict: TypeAlias = RefusalKind | Literal["approved", "declined", "no_vault", "duplicate"]
"""``declined``, ``no_vault``: nothing was charged. ``duplicate``: nothing by this call, but maybe by an earlier one."""

_CREDENTIALS = ("authentication failed", "specified api key not found", "invalid security key", "invalid username")
_NO_VAULT = "your account is not set up to use the customer vault"
_MOST_FIELDS = 200

# Payment API, "Result Code Table".
_DOUBTS = frozenset({"400", "420", "421"})  # an error of the processor's, a communication error, one with the issuer
_ERRORS: dict[str, Verdict] = {
    "301": "busy",  # rate limit exceeded
    **dict.fromkeys(("410", "411", "440", "441", "460"), "refused"),  # configuration, format, feature not available
    **dict.fromkeys(DECLINES, "declined"),
}


class Answer(Struct, frozen=True, kw_only=True):
    """One answer; empty text where it says nothing, and all is empty where it is not in the gateway's form."""

    response: str = ""
    code: str = field(default="", name="response_code")
    text: str = field(default="", name="responsetext")
    transaction_id: str = field(default="", name="transactionid")
    order_id: str = field(default="", name="orderid")
    amount_authorized: str = ""
    authorization_code: str = field(default="", name="authcode")
    avs: str = field(default="", name="avsresponse")
    cvv: str = field(default="", name="cvvresponse")
    vault_id: str = field(default="", name="customer_vault_id")

    @property
    def verdict(self) -> Verdict:
        """What is certain about the call."""
        if self.code in _DOUBTS:
            return "doubt"
        if self.code == "430" or self.text.lower().startswith("duplicate transaction"):
            return "duplicate"
        match self.response, self.code:
            case "1", "100" if self.transaction_id not in ("", "0"):
                return "approved"
            case "2", code if code.startswith("2"):
                return "declined"
            case "3", code:
                return _error(code, self.text)
            case _:
                return "doubt"


def _error(code: str, text: str) -> Verdict:
    if code != "300":
        return _ERRORS.get(code, "doubt")
    if is_about_credentials(text):
        return "credentials"
    if text.lower().startswith(_NO_VAULT):
        return "no_vault"
    return "declined" if meaning_of(text, TEXTS) else "refused"


def is_about_credentials(text: str) -> bool:
    """Say whether an error's text is about the key, or about what the key may do."""
    return text.lower().startswith(_CREDENTIALS) or "permission" in text.lower()


def read_answer(response: httpx.Response) -> Answer:
    """Read an answer; nothing is believed of one that is not in the gateway's form."""
    body = response.text.strip()
    try:
        pairs = parse_qsl(body, keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return Answer()
    fields = {name: value.strip() for name, value in pairs}
    in_form = len(fields) == len(pairs) and fields.get("response") in ("1", "2", "3")
    return msgspec.convert(fields, Answer) if in_form and response.status_code == httpx.codes.OK else Answer()
