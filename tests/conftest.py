"""What all tests share: a real PostgreSQL, and asyncio."""

import pytest
import structlog

from .databases import newest, postgres_url

# Without rich, which only the tools bring: it takes seconds for the traceback of a crash.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)

__all__ = ["anyio_backend", "newest", "postgres_url"]


@pytest.fixture
def anyio_backend() -> str:
    """Run async tests on asyncio."""
    return "asyncio"
