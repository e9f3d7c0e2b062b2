"""How workers hear of jobs that others have queued: by looking themselves, or by a broker too."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol, override
from uuid import UUID

import dramatiq

from app.db.engine import Database
from app.worker.announcing import Announcer
from app.worker.hearing import Hearing


class Wire(Protocol):
    """Tells a worker of jobs that are due."""

    async def start(self, ring: Callable[[], None], *, hears: bool) -> None:
        """Begin; call `ring` when something was heard, if it `hears` at all."""
        ...

    def take(self, limit: int) -> Sequence[UUID]:
        """Return at most `limit` jobs that were heard of."""
        ...

    async def stop(self) -> None:
        """End."""
        ...


class BrokerWire(Wire):
    """Hears what other processes tell a broker, and tells it what this one queues.

    Args:
        database: Where the jobs are.
        broker: Where processes tell each other of them.
    """

    def __init__(self, database: Database, broker: dramatiq.Broker) -> None:
        self._announcer = Announcer(database, broker)
        self._broker = broker
        self._hearing: Hearing | None = None

    @override
    async def start(self, ring: Callable[[], None], *, hears: bool) -> None:
        self._telling = asyncio.create_task(self._announcer.run())
        if hears:
            self._hearing = Hearing(self._broker)
            await self._hearing.start(ring)

    @override
    def take(self, limit: int) -> Sequence[UUID]:
        return self._hearing.take(limit) if self._hearing else ()

    @override
    async def stop(self) -> None:
        if self._hearing:
            await self._hearing.stop()
        self._announcer.stop()
        await self._telling
        await asyncio.to_thread(self._broker.close)
