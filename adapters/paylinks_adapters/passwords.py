"""Password hashes: argon2id on few threads of its own, so that neither event loop nor memory gives way to a crowd."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

__all__ = ["ArgonPasswords"]

# OWASP Password Storage: argon2id with at least 19 MiB, 2 passes, 1 lane; 36 ms a hash on 2 cores.
_MEMORY_KIB = 19 * 1024
_PASSES = 2
_LANES = 1
_THREADS = 2  # at once; each takes the memory above, and the rest of a crowd waits its turn
_LONGEST = 1024


class ArgonPasswords:
    """Hashes and verifies with argon2-cffi, which is loaded at first use."""

    def __init__(self, *, memory_kib: int = _MEMORY_KIB) -> None:
        self._memory_kib = memory_kib
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="passwords")

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        from argon2 import PasswordHasher

        return PasswordHasher(time_cost=_PASSES, memory_cost=self._memory_kib, parallelism=_LANES)

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("the password of nobody")

    async def hash(self, password: str) -> str:
        """Hash a new one."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._hasher.hash, password)

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Say whether it is the one; with None it takes as long and says no."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._fits, password, password_hash)

    def _fits(self, password: str, password_hash: str | None) -> bool:
        from argon2.exceptions import Argon2Error, InvalidHashError

        nobody = self._nobody  # before anything is measured by it: the first one makes it
        try:
            fits = self._hasher.verify(password_hash or nobody, password[:_LONGEST])
        except (Argon2Error, InvalidHashError):
            return False
        return fits and password_hash is not None and len(password) <= _LONGEST

    def outdated(self, password_hash: str) -> bool:
        """Say whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(password_hash)

    def close(self) -> None:
        """Let the threads go when they are done."""
        self._threads.shutdown(wait=False, cancel_futures=True)
