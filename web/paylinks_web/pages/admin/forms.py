"""Forms of the console: what they hold, and what is wrong with them, told beside the field."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from litestar import Request
from msgspec import Struct, field

from paylinks_core.errors import InvalidInput, NotKnown, ReauthenticationRequired, SignInRequired
from paylinks_ports.card_data import contains_card
from paylinks_ports.errors import PaylinksError, StorageUnavailable, UnknownCurrency
from paylinks_ports.money import exponent

from ...errors import HttpRefusal, RateLimited, error_answer

__all__ = ["UNTROUBLED", "Form", "Trouble", "options_of", "read_amount", "read_form", "trouble_of"]

_AMOUNT = re.compile(r"[0-9]{1,13}(\.[0-9]{1,4})?")
_SECRET = frozenset({"password", "newPassword", "currentPassword", "code", "recoveryCode", "token"})


class Form(Struct, frozen=True, kw_only=True):
    """What was sent: the last text of each name, and all of those that come several times."""

    texts: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]

    def text(self, name: str) -> str:
        """Give a text without the space around it; empty where it is not there."""
        return self.texts.get(name, "").strip()

    def optional(self, name: str) -> str | None:
        """Give a text, or None where it is empty."""
        return self.text(name) or None

    def secret(self, name: str) -> str:
        """Give a text exactly as it was typed."""
        return self.texts.get(name, "")

    def all(self, name: str) -> tuple[str, ...]:
        """Give every text of a name."""
        return self.lists.get(name, ())


class Trouble(Struct, frozen=True, kw_only=True):
    """What is wrong with a form.

    Args:
        status: of the answer; 0: nothing is wrong.
        message: for the whole form.
        fields: by the field's name, what is wrong with it, as the end of a sentence that begins with its label.
        given: what was typed, to be shown again; never a secret.

    """

    status: int = 0
    message: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)


UNTROUBLED = Trouble()


async def read_form(request: Request[Any, Any, Any]) -> Form:
    """Read a form.

    Raises:
        HttpRefusal: somebody has typed a card number into it.

    """
    sent = [(name, text) for name, text in (await request.form()).multi_items() if isinstance(text, str)]
    if contains_card([text for name, text in sent if name not in _SECRET]):
        raise HttpRefusal(400, "raw_card_data", "Raw card data is not accepted")
    lists: dict[str, list[str]] = {}
    for name, text in sent:
        lists.setdefault(name, []).append(text)
    return Form(
        texts={name: texts[-1] for name, texts in lists.items()},
        lists={name: tuple(texts) for name, texts in lists.items()},
    )


def trouble_of(error: PaylinksError, form: Form) -> Trouble:
    """Say what an error is to the person who has sent a form.

    Raises:
        PaylinksError: the same one, where it is not about what the form says.

    """
    fields, others = {}, []
    for part in (error.details or "").split("; "):
        name, _, text = part.partition(": ")
        if text and name in form.texts:
            fields[name] = text.rstrip(".")
        elif part:
            others.append(part)
    elsewhere = (SignInRequired, ReauthenticationRequired, StorageUnavailable, RateLimited)
    if isinstance(error, elsewhere) or (isinstance(error, NotKnown) and not fields):
        raise error
    if fields:
        message = "Please look at the marked field." if len(fields) == 1 else "Please look at the marked fields."
    else:
        message = error.message + (f": {'; '.join(others)}" if others else "")
    given = {
        name: text for name, text in form.texts.items() if name not in _SECRET and not name.startswith("credentials.")
    }
    return Trouble(status=error_answer(error, "")[0].status, message=message, fields=fields, given=given)


def options_of(words: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Give words as the options of a list, each with what a person reads."""
    return tuple((word, word.replace("_", " ").capitalize()) for word in words)


def read_amount(form: Form, name: str, currency: str) -> int:
    """Read an amount that is written in the currency's major unit, as ``49.99``, in minor ones.

    Raises:
        InvalidInput: it is none, or the currency is unknown.

    """
    if _AMOUNT.fullmatch(form.text(name)) is None:  # a comma may stand for thousands or for a point
        raise InvalidInput(f"{name}: is no amount, such as 49.99")
    try:
        scaled = Decimal(form.text(name)).scaleb(exponent(currency))
    except UnknownCurrency as error:
        raise InvalidInput("currency: is unknown") from error
    if scaled != scaled.to_integral_value() or scaled <= 0:
        raise InvalidInput(f"{name}: is no amount of {currency}")
    return int(scaled)
