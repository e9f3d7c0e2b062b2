"""Wakes the workers of this process as soon as there is something to do."""

import asyncio
from typing import Final
from weakref import WeakSet


class Bell:
    """What workers listen for, and whoever queues a job rings."""

    def __init__(self) -> None:
        self._listening: WeakSet[asyncio.Event] = WeakSet()

    def listen(self) -> asyncio.Event:
        """Return an event that is set whenever the bell is rung, as long as somebody holds it."""
        event = asyncio.Event()
        self._listening.add(event)
        return event

    def ring(self) -> None:
        """Tell the workers of this process that a job was queued; those of others find it soon."""
        for event in self._listening:
            event.set()


_BELL: Final = Bell()
listen: Final = _BELL.listen
ring: Final = _BELL.ring
