"""What Konnektive answers, and what that means for money: it has no codes, so the sentence of an ERROR is all there is.

Sources: apidocs.checkoutchamp.com and help.checkoutchamp.com, and sentences recorded from a sandbox. A gateway's no
begins with "Transaction Declined". Everything else is said before a gateway is asked, as far as it is known here; a
sentence that no pattern fits may as well be a gateway that did not answer, and is a doubt.
"""

import re
from typing import Literal, TypeAlias

import httpx
from msgspec import Struct

from paylinks_ports import PaylinksError, Redaction, RefusalKind, View, nothing_happened, read_object

__all__ = ["LOST", "Answer", "kind_of", "read", "redact"]

Kind: TypeAlias = RefusalKind | Literal["success", "redirect", "declined", "nothing_found"]

redact = Redaction()

_RESULTS: dict[str, Kind] = {"SUCCESS": "success", "MERC_REDIRECT": "redirect"}
_SENTENCES: dict[Kind, str] = {
    "doubt": r"duplicate|already|time(d)?[ -]?out|unable to (connect|reach)|internal error",
    "declined": r"^transaction declined|card (was )?declined",
    "nothing_found": r"^no (orders|transactions|campaigns?) .*(matching|found)",
    "busy": r"rate limit|too many (requests|calls)",
    "credentials": r"(invalid|incorrect|wrong|bad).*(login|credential|password|api user)|login (failed|id)"
    r"|not (white-?listed|authorized)|unauthorized|(endpoint|permission|ip address).*(not|denied)",
    "refused": r"required|invalid|not found|must (be|have|contain)|does not (exist|belong)|cannot use[r]? test card"
    r"|no products exist|exceeds?|greater than|not (allowed|valid|a valid)|missing",
}
"""What is looked for in an ERROR's sentence; of several kinds that fit, the first one is meant."""


class Answer(Struct, frozen=True):
    """A whole answer.

    Args:
        kind: what it means; whatever is in no form of Konnektive's is a doubt.
        sentence: the message where it is text, or the names of the wrong fields, fit to be shown.
        message: the message where it is an object.

    """

    kind: Kind
    sentence: str = ""
    message: View = View({})

    @property
    def error(self) -> PaylinksError:
        """Why a call did not happen, in Konnektive's own words."""
        match self.kind:
            case "credentials" | "busy" | "refused" as kind:
                return nothing_happened("Konnektive", kind, self.sentence)
            case "declined" | "nothing_found":
                return nothing_happened("Konnektive", "refused", self.sentence)
            case _:
                return nothing_happened("Konnektive", "doubt", self.sentence)


LOST = Answer("doubt")
"""In place of an answer that never came."""


def read(response: httpx.Response, *secrets: str | None) -> Answer:
    """Read any answer: `result` decides, whatever the form of `message`."""
    answer = View(read_object(response.content))
    view = answer.view("message")
    result = answer.text("result")
    # An object beside an ERROR names the wrong fields: ``shipAddress1 is a required field``.
    wrong = "; ".join(f"{name} {view.text(name)}" for name in sorted(view.fields)) if result == "ERROR" else ""
    said = answer.text("message") or wrong
    sentence = redact(said, *secrets)
    if result == "ERROR":
        # Without the customer's own words, and not too long to search. The secrets are left in for it: a login of a few
        # letters would take them out of the words that tell.
        return Answer(kind_of(redact(said)), sentence, view)
    # Konnektive says everything with HTTP 200, so with another status nothing is a success.
    return Answer(_RESULTS.get(result, "doubt") if response.is_success else "doubt", sentence, view)


def kind_of(sentence: str) -> Kind:
    """Say what kind of ERROR a sentence tells of."""
    kinds = (kind for kind, pattern in _SENTENCES.items() if re.search(pattern, sentence, re.IGNORECASE))
    return next(kinds, "doubt")
