"""Password hashes: argon2id on few threads of its own, so that neither event loop nor memory gives way to a crowd."""

import asyncio
import base64
import hashlib
import hmac
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from argon2 import PasswordHasher

__all__ = ["ArgonPasswords"]

# OWASP Password Storage: argon2id with at least 19 MiB, 2 passes, 1 lane; 36 ms a hash on 2 cores.
_MEMORY_KIB = 19 * 1024
_PASSES = 2
_LANES = 1
_THREADS = 2  # at once; each takes the memory above, and the rest of a crowd waits its turn
_LONGEST = 1024
_SALT_BYTES = 16

T = TypeVar("T")


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

    async def hash(self, password: str, salt: str | None = None) -> str:
        """Hash a new one, with a random salt or the one that a secret makes."""
        made = hashlib.sha256(salt.encode()).digest()[:_SALT_BYTES] if salt is not None else None
        return await self._beside(lambda: self._hasher.hash(password, salt=made))

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Say whether it is the one; with None it takes as long and says no."""
        return await self._beside(lambda: self._fits(password, password_hash))

    async def fitting(self, password: str, password_hashes: Sequence[str]) -> frozenset[str]:
        """Give those that are of the password, computing once for each salt and its parameters."""
        groups = defaultdict[str, list[str]](list)
        for one in password_hashes:
            groups[one.rpartition("$")[0]].append(one)
        if not groups:
            await self.verify(password, None)
        found = [await self._beside(partial(self._of_one_salt, password, group)) for group in groups.values()]
        return frozenset[str]().union(*found)

    async def _beside(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _of_one_salt(self, password: str, group: Sequence[str]) -> frozenset[str]:
        from argon2 import extract_parameters
        from argon2.exceptions import Argon2Error, InvalidHashError
        from argon2.low_level import hash_secret

        try:
            used = extract_parameters(group[0])
            salt = group[0].split("$")[-2]
            made = hash_secret(
                password[:_LONGEST].encode(),
                base64.b64decode(salt + "=" * (-len(salt) % 4)),
                time_cost=used.time_cost,
                memory_cost=used.memory_cost,
                parallelism=used.parallelism,
                hash_len=used.hash_len,
                type=used.type,
                version=used.version,
            ).decode()
        except (Argon2Error, InvalidHashError, ValueError):
            return frozenset()
        long = len(password) > _LONGEST
        return frozenset(one for one in group if hmac.compare_digest(made, one) and not long)

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
