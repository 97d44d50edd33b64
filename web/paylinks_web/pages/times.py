"""How moments are written in the console: in UTC, for a script to put into the reader's own time."""

from datetime import UTC, datetime

__all__ = ["iso", "utc"]


def utc(moment: int, pattern: str = "%-d %b %Y, %H:%M UTC") -> str:
    """Write Unix milliseconds for a person."""
    return datetime.fromtimestamp(moment / 1000, UTC).strftime(pattern)


def iso(moment: int) -> str:
    """Write Unix milliseconds for a program."""
    return datetime.fromtimestamp(moment / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
