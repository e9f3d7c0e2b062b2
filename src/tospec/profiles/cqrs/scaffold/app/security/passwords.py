"""Passwords: Argon2id, in threads of its own, and as slow for accounts that do not exist."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final

import argon2
from argon2.exceptions import VerifyMismatchError

# What OWASP asks for at the least: 19 MiB, two passes, one lane.
_MEMORY_KIB: Final = 19_456
_PASSES: Final = 2
_LANES: Final = 1


class Passwords:
    """Hashes and verifies passwords without holding up the event loop.

    Args:
        threads: How many passwords are worked on at once; the rest wait. Bounds the
            memory and the processors that a burst of sign-ins can take.
    """

    def __init__(self, *, threads: int) -> None:
        self._argon2 = _argon2id(_PASSES, _MEMORY_KIB)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="passwords")
        self._nobodys = _nobodys(self._argon2)

    async def hash(self, password: str) -> str:
        """Return the hash of `password`, with a salt of its own."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._argon2.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Return whether `password_hash` was made of `password`.

        Without a hash the answer is no, and takes as long.
        """
        loop = asyncio.get_running_loop()
        known = password_hash or self._nobodys
        matches = await loop.run_in_executor(self._threads, self._matches, known, password)
        return matches and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        """Return whether `password_hash` was made with other parameters than today's."""
        return self._argon2.check_needs_rehash(password_hash)

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._argon2.verify(password_hash, password)
        except VerifyMismatchError:
            return False


@cache
def _argon2id(passes: int, memory_kib: int) -> argon2.PasswordHasher:
    return argon2.PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=_LANES)


@cache
def _nobodys(hasher: argon2.PasswordHasher) -> str:
    """Return the hash of a password that nobody has; to make one takes as long as a sign-in."""
    return hasher.hash(secrets.token_urlsafe())
