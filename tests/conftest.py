"""What all tests share: a real PostgreSQL, and asyncio."""

import pytest

from .databases import newest, postgres_url

__all__ = ["anyio_backend", "newest", "postgres_url"]


@pytest.fixture
def anyio_backend() -> str:
    """Run async tests on asyncio."""
    return "asyncio"
