"""Hears from the broker which jobs are due, and keeps them until a worker looks for them."""

import asyncio
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from heapq import heappop, heappush
from itertools import count
from typing import Final
from uuid import UUID

import dramatiq
from dramatiq import Actor, Broker

from app.models.job import Priority
from app.worker.messages import queue_of

_THREADS: Final = 8
"""How many messages a process has in hand; each keeps a thread of Dramatiq waiting."""
_STOP_MS: Final = 5000
_WAKE_MS: Final = 250


class Hearing:
    """Runs Dramatiq's consumers in this process, and hands over what they are told.

    A message is acknowledged once its jobs were handed over. From then on the lease of the row
    is what keeps a job from being forgotten.

    Args:
        broker: Where messages come from.
    """

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._worker = dramatiq.Worker(broker, worker_threads=_THREADS, worker_timeout=_WAKE_MS)
        self._heard: list[tuple[Priority, int, list[UUID], asyncio.Future[None]]] = []
        self._order = count()
        self._open = False

    async def start(self, ring: Callable[[], None]) -> None:
        """Hear messages from now on, and call `ring` for each."""
        loop = asyncio.get_running_loop()
        self._ring = ring
        self._open = True
        for priority in Priority:
            self._declare(priority, loop)
        await asyncio.to_thread(self._worker.start)

    def take(self, limit: int) -> list[UUID]:
        """Return at most `limit` jobs that messages told of, the most urgent ones first."""
        taken: list[UUID] = []
        while self._heard and len(taken) < limit:
            _, _, ids, handed_over = self._heard[0]
            wanted = limit - len(taken)
            taken += ids[:wanted]
            del ids[:wanted]
            if not ids:
                heappop(self._heard)
                handed_over.set_result(None)
        return taken

    async def stop(self) -> None:
        """Hear nothing more; what was heard and not handed over is left to other workers."""
        self._open = False
        self.take(len(self._heard) * 1000)
        await asyncio.to_thread(self._worker.stop, _STOP_MS)

    def _declare(self, priority: Priority, loop: asyncio.AbstractEventLoop) -> None:
        def hear(ids: list[UUID]) -> None:
            with suppress(CancelledError):
                asyncio.run_coroutine_threadsafe(self._hand_over(priority, ids), loop).result()

        queue = queue_of(priority)
        Actor(
            hear,
            broker=self._broker,
            actor_name=queue,
            queue_name=queue,
            priority=priority,
            options={},
        )

    async def _hand_over(self, priority: Priority, ids: list[UUID]) -> None:
        if self._open and ids:
            handed_over = asyncio.get_running_loop().create_future()
            heappush(self._heard, (priority, next(self._order), list(ids), handed_over))
            self._ring()
            await handed_over
