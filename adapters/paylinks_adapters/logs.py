"""Logging without secrets and card numbers, pretty on a terminal and JSON otherwise."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from paylinks_ports.card_data import find_cards

if not {"structlog", "rich"} & sys.modules.keys():
    # structlog loads rich wherever it is installed, for tracebacks that are not wanted here: 170 ms of a start.
    sys.modules["rich"] = None  # type: ignore[assignment]  # what Python itself writes for: there is no such module
    try:
        import structlog
    finally:
        del sys.modules["rich"]
import structlog

__all__ = ["configure_logging", "get_logger", "redact"]

get_logger = structlog.get_logger
"""For modules that log: importing it from here keeps rich away."""

# ── Redaction ────────────────────────────────────────────────────────────────────────────────────────────────────────

_HIDDEN = "[redacted]"
_DEEPEST = 8
_NAMES = re.compile(
    r"secret|passw|token|authorization|cookie|api_?key|signature|credential|card|cvv|cvc|email|phone"
    r"|(?:security|private|signing|app|access|tokenization)_?key",
    re.IGNORECASE,
)
_SHAPES = re.compile(
    r"\b(?:sk|rk|pk|whsec)_[A-Za-z0-9_+/=-]{8,}"  # keys, ours and Stripe's
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"  # JWTs
    r"|\b\w+?_secret_\w+"  # what a browser is given to pay with
    r"|\bBearer\s+[\w.~+/=-]{8,}"
    r"|(?<=://)[^\s/@]+(?=@)"  # user and password in an address
)


def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401 - structlog's own
    """Hide values by the name of their key and by their shape, however deep; for structlog's chain of processors."""
    for name, value in event.items():
        event[name] = _named(name, value, _DEEPEST)
    return event


def _named(name: str, value: Any, depth: int) -> Any:  # noqa: ANN401 - whatever is logged
    return _HIDDEN if _NAMES.search(name) and value not in (None, "") else _redacted(value, depth)


def _redacted(value: Any, depth: int) -> Any:  # noqa: ANN401, PLR0911 - whatever is logged, each kind in its way
    match value:
        case None | bool() | float() | datetime() | date() | UUID() | Decimal():
            return value
        case str():
            return _hide(value)
        case int():
            text = _hide(str(value))
            return value if text == str(value) and -(2**63) <= value < 2**63 else text
        case _ if depth == 0:
            return "…"
        case Mapping():
            return {_hide(str(name)): _named(str(name), one, depth - 1) for name, one in value.items()}
        case Struct():
            return _redacted(msgspec.structs.asdict(value), depth)
        case list() | tuple() | AbstractSet():
            return [_redacted(one, depth - 1) for one in value]
        case bytes() | bytearray():
            return _hide(bytes(value).decode(errors="replace"))
    return _hide(repr(value))


def _hide(text: str) -> str:
    if not text.isascii():
        text = text.encode(errors="replace").decode()  # half of a surrogate pair can't be written
    text = _SHAPES.sub(_HIDDEN, text)
    for start, end in reversed(find_cards(text, loosely=True)):  # hiding too much costs nothing
        text = text[:start] + _HIDDEN + text[end:]
    return text


# ── Setup ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def configure_logging(*, level: int = logging.INFO) -> None:
    """Set logging up for the process; what libraries log themselves is shown from WARNING on, redacted as well."""
    render: Any = structlog.processors.JSONRenderer(_encode)
    if sys.stderr.isatty():
        render = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    end = [structlog.processors.format_exc_info, redact, render]
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, stamp, *end],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    of_libraries = logging.StreamHandler(sys.stderr)
    of_libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name, stamp],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *end],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[of_libraries], force=True)


def _encode(event: Any, **_: Any) -> str:  # noqa: ANN401 - structlog's own
    return msgspec.json.encode(event, enc_hook=repr).decode()
