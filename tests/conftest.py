"""What all tests share: a real PostgreSQL, and asyncio."""

import pytest

from .databases import postgres_url

__all__ = ["anyio_backend", "postgres_url"]


@pytest.fixture
def anyio_backend() -> str:
    """Run async tests on asyncio."""
    return "asyncio"
