"""SQLite belongs to one process that serves or works: a lock file beside it says so."""

from pathlib import Path

import click
from filelock import FileLock, Timeout

from .config import Config

__all__ = ["hold_database"]


def hold_database(config: Config) -> FileLock | None:
    """Hold the lock file of an SQLite database until the process ends; any other database needs none.

    Raises:
        click.ClickException: another process holds it.

    """
    if not config.database_url.startswith("sqlite:"):
        return None
    path = Path(config.database_url.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(f"{path}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        message = f"another process serves {path} already; SQLite belongs to one (its lock file is {path}.lock)"
        raise click.ClickException(message) from None
    return lock
