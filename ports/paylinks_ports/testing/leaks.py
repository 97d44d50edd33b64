"""Watches what a plugin lets out of itself (results, errors, logs, prints) for what must stay inside."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

from ..errors import PaylinksError
from .failures import fail

__all__ = ["Watch"]

_SHORTEST = 8
# The platform's own: it writes none of their lines.
_NOT_THE_PLUGINS = ("httpx", "httpcore", "asyncio")
_STANDARD = frozenset(vars(logging.LogRecord("", 0, "", 0, "", (), None)))


class Watch(logging.Handler):
    """Collects everything, and says at the end what should not be in it."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.forbidden: dict[str, str] = {}
        self._seen: list[tuple[str, str]] = []

    def forbid(self, what: str, text: str) -> None:
        """Let `text` be seen nowhere; shorter ones would be found everywhere."""
        if len(text) >= _SHORTEST:
            self.forbidden[text] = what

    def emit(self, record: logging.LogRecord) -> None:
        """Take a log line with all that hangs on it."""
        if record.name.partition(".")[0] not in _NOT_THE_PLUGINS:
            more = {name: value for name, value in vars(record).items() if name not in _STANDARD}
            trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
            self._seen.append(("a log line", f"{record.getMessage()} {record.args!r} {more!r} {trace}"))

    def see(self, what: str, value: object) -> None:
        """Take a result or an error."""
        text = f"{value} {value!r}"
        if isinstance(value, PaylinksError):
            text = f"{text} {value.message} {value.details}"
        self._seen.append((what, text))

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Take all that is logged or printed meanwhile, and look through it at the end."""
        root = logging.getLogger()
        level, printed = root.level, io.StringIO()
        root.addHandler(self)
        root.setLevel(logging.NOTSET + 1)
        try:
            with redirect_stdout(printed), redirect_stderr(printed):
                yield
        finally:
            root.removeHandler(self)
            root.setLevel(level)
        self._seen.append(("what was printed", printed.getvalue()))
        self.look()

    def look(self) -> None:
        """Fail when something forbidden was seen."""
        for where, text in self._seen:
            for forbidden, what in self.forbidden.items():
                if forbidden in text:
                    # Not the text itself: this message is logged, too.
                    fail(f"{what} is in {where}")
