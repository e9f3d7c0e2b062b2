"""Identifiers: UUID version 7, so that keys grow with time and indexes stay dense."""

import os
import threading
import time
from random import getrandbits
from typing import Final, NewType
from uuid import UUID

TenantId = NewType("TenantId", UUID)
UserId = NewType("UserId", UUID)

_VERSION: Final = 0x7 << 76
_VARIANT: Final = 0x2 << 62
_RANDOM_BITS: Final = 74
_RANDOM_BYTES: Final = 10
_DRAWN_AT_ONCE: Final = 100 * _RANDOM_BYTES
_RANDOM_A: Final = (1 << 12) - 1
_RANDOM_B: Final = (1 << 62) - 1


class _Counter:
    """Gives numbers that grow: milliseconds, then random bits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._drawn = b""
        # Two processes must not draw the same.
        os.register_at_fork(after_in_child=self._forget)

    def next(self) -> int:
        """Return a number greater than all before it, which tells nothing of the next one."""
        fresh = time.time_ns() // 1_000_000 << _RANDOM_BITS
        with self._lock:
            fresh |= int.from_bytes(self._draw()) >> (8 * _RANDOM_BYTES - _RANDOM_BITS)
            if fresh <= self._last:
                fresh = self._last + 1 + int.from_bytes(os.urandom(6))
            self._last = fresh
            return fresh

    def _draw(self) -> bytes:
        """Return random bytes; many are asked for at once, since each time asks the system."""
        if not self._drawn:
            self._drawn = os.urandom(_DRAWN_AT_ONCE)
        drawn, self._drawn = self._drawn[:_RANDOM_BYTES], self._drawn[_RANDOM_BYTES:]
        return drawn

    def _forget(self) -> None:
        self._drawn = b""


_COUNTER: Final = _Counter()


def new_id() -> UUID:
    """Return a fresh UUIDv7, greater than all that this process made before.

    What is written in one transaction thus sorts in the order in which it was written.
    """
    number = _COUNTER.next()
    high = number >> _RANDOM_BITS << 80 | _VERSION | (number >> 62 & _RANDOM_A) << 64
    return UUID(int=high | _VARIANT | number & _RANDOM_B)


def new_request_id() -> str:
    """Return the text of a fresh UUIDv4, for what is only told apart by it: it may be guessed."""
    # Each request needs one, and to make the UUID itself takes longer than to write its text.
    digits = f"{getrandbits(122):031x}"
    variant = "89ab"[int(digits[0])]
    return f"{digits[1:9]}-{digits[9:13]}-4{digits[13:16]}-{variant}{digits[16:19]}-{digits[19:]}"
