"""What plugins read providers' answers with: sentences without secrets, reasons for a decline, views of loose JSON."""

import time
from typing import get_args

import httpx
import pytest
from msgspec import Struct

from paylinks_ports import (
    GATEWAY_WORDS,
    NEVER_SENT,
    Credentials,
    CredentialsRejected,
    DeclineCode,
    PaylinksError,
    Plain,
    ProviderRefused,
    ProviderUnavailable,
    Redaction,
    RefusalKind,
    Secret,
    View,
    decline,
    meaning_of,
    nothing_happened,
    read_object,
    reading,
    retry_after,
    sending,
)

redact = Redaction(r"\bsk_\w+", most=60)


@pytest.mark.parametrize(
    "secret",
    [
        "4242424242424242",
        "4242 4242 4242 4242",
        "3782-822463-10005",
        "99424242424242424242424299",  # inside a longer number
        "ada@example.com",
        "ada%40example.com",
        "ada+tag@mail.example.co.uk",
        "jo&ann@example.com",
        "o'brien@example.com",
        "jo=x@example.com",
        "jo@@example.com",
        "sk_live_abc",
        "TopSecret",
    ],
)
def test_redaction(secret: str) -> None:
    """Nothing of it is left, wherever it stands, and the rest is."""
    for text in (secret, f"Card {secret} is wrong", f'x="{secret}",', f"<b>{secret}</b>", f"email={secret}&a=b"):
        assert secret not in redact(text, "TopSecret", None, "")
    assert redact(f" Card {secret} is wrong ", "TopSecret") == "Card [redacted] is wrong"


def test_redaction_of_shapes() -> None:
    """An address is taken out whole though a part of it has the shape of a key, and so is a key of digits."""
    tokens = Redaction("[A-Za-z0-9_-]{24,}")
    assert tokens("From " + "a" * 30 + "@example.com!") == "From [redacted]"
    assert tokens("Key " + "4" * 20 + "abcdefgh ends") == "Key [redacted] ends"


def test_redaction_keeps_it_short() -> None:
    """A sentence may be anything, even a page without an end; and what is no secret stays."""
    assert redact("Declined by bank 12345 on 2026-12-01") == "Declined by bank 12345 on 2026-12-01"
    assert len(redact("no " * 1000)) == 60
    began = time.process_time()
    for nonsense in ("1 ", "a", "a%4", "%40", "a@", "@", "sk_"):
        redact(nonsense * 100_000)
    assert time.process_time() - began < 10  # half a second; where it grew with the square it took minutes


def test_words_of_gateways() -> None:
    """Each is a word of the vocabulary, in lower case, and is found before a less telling one."""
    assert all(words == words.lower() for words in GATEWAY_WORDS)
    assert {code for code, _ in GATEWAY_WORDS.values()} <= set(get_args(DeclineCode))
    for place, (words, meaning) in enumerate(GATEWAY_WORDS.items()):
        assert not any(earlier in words for earlier in list(GATEWAY_WORDS)[:place]), words
        assert meaning_of(f"The bank says: {words.upper()}.") == meaning
    assert meaning_of("Nothing that is known") is None
    assert meaning_of("Nope", {"nope": ("call_issuer", False)}) == ("call_issuer", False)


@pytest.mark.parametrize("code", get_args(DeclineCode))
def test_what_a_bank_suspects_is_not_told(code: DeclineCode) -> None:
    """A generic sentence stands for lost, stolen and fraud."""
    told = decline((code, True), "Stolen card, call the police", "ref-1")
    silent = code in ("fraud_suspected", "lost_or_stolen")
    assert told.message == ("The card was declined" if silent else "Stolen card, call the police")
    assert (told.code, told.retryable, told.reference) == (code, True, "ref-1")
    assert decline((code, False), None).message == decline((code, False), "").message == "The card was declined"


def test_views() -> None:
    """Values are text, ids are numbers above nothing, and what is not there is empty."""
    view = View(
        {"a": 1, "b": " x ", "c": None, "d": True, "e": {"1": {"f": 2.5}, "2": 3}, "g": [{"h": "i"}], "z": "00"}
    )
    assert [view.text(name) for name in "abcde"] == ["1", "x", "", "", ""]
    assert [view.number(name) for name in "abz?"] == ["1", "", "", ""]
    assert {name: one.text("f") for name, one in view.views("e").items()} == {"1": "2.5"}
    assert [one.text("h") for one in view.views("g").values()] == ["i"]
    assert view.views("a") == view.views("?") == {}
    assert view.view("e").text("2") == "3"
    assert view.view("a") == view.view("g") == View({})
    assert repr(view) == "View(…)"


@pytest.mark.parametrize("content", [b"", b"[]", b"1", b"null", b"<html>", b"\xff", b"{", b"[" * 100_000])
def test_no_object(content: bytes) -> None:
    """Anything else than an object has no fields."""
    assert read_object(content) == {}
    assert read_object(b'{"a": 1}') == {"a": 1}


@pytest.mark.parametrize("error", [*NEVER_SENT, httpx.ReadTimeout, httpx.RemoteProtocolError, httpx.WriteError])
def test_failures_of_calls(error: type[httpx.TransportError]) -> None:
    """What may have arrived is only said to have failed where it moves no money; no error holds the request."""
    with pytest.raises(ProviderUnavailable) as read, reading("Acme"):
        raise error("secret")
    assert (read.value.details, read.value.__suppress_context__) == (error.__name__, True)
    with pytest.raises(ProviderUnavailable if error in NEVER_SENT else error), sending("Acme"):
        raise error("secret")


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7.0), ("", None), ("soon", None), ("-1", None), ("²", None), ("1.5", None)]
)
def test_how_long_to_wait(header: str, seconds: float | None) -> None:
    """Seconds, or nothing."""
    assert retry_after(httpx.Response(429, headers=[(b"Retry-After", header.encode())])) == seconds
    assert retry_after(httpx.Response(429)) is None


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("credentials", CredentialsRejected),
        ("busy", ProviderUnavailable),
        ("refused", ProviderRefused),
        ("doubt", ProviderUnavailable),
    ],
)
def test_refusals(kind: RefusalKind, error: type[PaylinksError]) -> None:
    """Each kind is its error, with the provider's own sentence or none."""
    made = nothing_happened("Acme", kind, "because")
    assert type(made) is error
    assert "Acme" in made.message
    assert (made.details, nothing_happened("Acme", kind, "").details) == ("because", None)


class AcmeCredentials(Credentials, frozen=True, kw_only=True, rename="camel"):
    """Some."""

    account: Plain
    api_key: Secret
    webhook_secret: Secret | None = None


class OtherCredentials(AcmeCredentials, frozen=True, kw_only=True, rename="camel"):
    """Others of the same fields."""


def test_credentials() -> None:
    """They show what is no secret, and are the same account whatever proves webhooks."""
    known = AcmeCredentials(account="a-1", api_key="TopSecret", webhook_secret="Hidden")
    assert repr(known) == "AcmeCredentials(account='a-1')"
    assert isinstance(known, Struct)
    assert known.__rich_repr__() == [("account", "a-1")]
    assert known.same_account(AcmeCredentials(account="a-1", api_key="TopSecret"))
    assert not known.same_account(AcmeCredentials(account="a-1", api_key="Another"))
    assert not known.same_account(OtherCredentials(account="a-1", api_key="TopSecret"))
