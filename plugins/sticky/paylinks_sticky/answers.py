"""What Sticky.io answers, and what its response codes mean for money.

Sources: the response codes of its API v1 (developer-prod.sticky.io) and, for the older ones, the exceptions of
github.com/kevinem/lime-light-crm-php. HTTP says little: most errors are a 200.
"""

import re
from typing import Literal, TypeAlias

import httpx

from paylinks_ports import DeclineMeaning, PaylinksError, Redaction, RefusalKind, View, nothing_happened, read_object

__all__ = ["DECLINES", "Answer", "first_said", "read", "reason_of", "redact"]

Kind: TypeAlias = RefusalKind | Literal["declined", "ok"]

DECLINES: dict[str, DeclineMeaning] = {
    "101": ("authentication_required", False),  # 3-D Secure, for which Sticky.io has a page and no address of it
    "318": ("card_not_supported", False),
    "319": ("incorrect_number", False),
    "320": ("incorrect_expiry", True),
    "323": ("incorrect_cvc", True),
    "333": ("fraud_suspected", False),
    "334": ("duplicate_transaction", False),
    "342": ("expired_card", False),
    "356": ("expired_card", False),
    "381": ("fraud_suspected", False),
}
"""Codes that say themselves what is wrong with the card or the customer; a gateway's no is 800, whatever the reason."""

_REFUSED = (
    *(*range(303, 342), 350, 357, 370, 371, 372, 373, 374, 379, 399),
    *(400, *range(411, 416), *range(430, 435), 500, 501, 502, 600, 601, 602, 603, 604),
    *(700, 701, 702, 705, 900, 901, 902, 905, 906, 907, 1002, 1004),
)
# Of several codes the kind that comes first here counts; one that is not here makes all of them a doubt.
_KINDS: dict[Kind, set[str]] = {
    # Wrong login; no permission for this method; user off; IP address or campaign not allowed.
    "credentials": {"200", "666", "667", "668", "669", "1001"},
    "busy": {"410"},
    # Validation, before anything is asked of a gateway; refunds and voids that can't be.
    "refused": {str(code) for code in _REFUSED} - DECLINES.keys(),
    "declined": {"800", *DECLINES},
    "ok": {"100"},
}

# Codes above 10000 are newer forms of the others: 10800 is 800.
_NEWER = re.compile(r"\b1(?=[0-9]{4}\b)0{0,3}")
_CODE = re.compile(r"\b[0-9]{1,6}\b")
_ABSENT = ("", "N/A", "Not Available")
_NOTE = re.compile(r" ?REFID:\s*\d+", re.IGNORECASE)

redact = Redaction(r"\b[Bb]asic\s+[A-Za-z0-9+/=]{4,}")


class Answer(View, frozen=True):
    """A whole answer.

    Args:
        kind: what it means for money; whatever is in no form of Sticky.io's is a doubt.
        codes: several where Sticky.io has joined them with commas.
        sentence: the reason in it, fit to be shown.

    """

    kind: Kind = "doubt"
    codes: frozenset[str] = frozenset()
    sentence: str = ""

    @property
    def error(self) -> PaylinksError:
        """Why a call did not happen, in Sticky.io's own words."""
        kind = "refused" if self.kind == "declined" else "doubt" if self.kind == "ok" else self.kind
        # Whatever else stands there is not passed on.
        code = ",".join(_CODE.findall(self.text("response_code")))
        return nothing_happened("Sticky.io", kind, f"{code}: {self.sentence}" if code else None)


def read(response: httpx.Response, *secrets: str) -> Answer:
    """Read any answer; `secrets` are what its sentence must not tell."""
    view = View(read_object(response.content))
    text = _NEWER.sub("", view.text("response_code"))
    codes = frozenset(code.strip() for code in text.split(",") if code.strip())
    kinds = (kind for kind, known in _KINDS.items() if codes & known)
    kind: Kind = "doubt" if codes.difference(*_KINDS.values()) else next(kinds, "doubt")
    match response.status_code, kind:
        case 401, "doubt":
            kind = "credentials"
        case 403, "doubt" if view.fields:  # a proxy's has none
            kind = "credentials"
        case 429, _:
            kind = "busy"
        case status, "ok" if status != httpx.codes.OK:
            kind = "doubt"
    return Answer(view.fields, kind=kind, codes=codes, sentence=redact(reason_of(view), *secrets))


def first_said(view: View, *names: str) -> str:
    """Read the first of some values that is there; none: empty. Sticky.io has words for what is not there."""
    return next((text for text in map(view.text, names) if text not in _ABSENT), "")


def reason_of(view: View) -> str:
    """Read why an answer or an order is none, without a gateway's own notes; it may tell what must not be passed on."""
    return _NOTE.sub("", first_said(view, "decline_reason", "error_message", "resp_msg"))
