"""Open connections, and the line of those who wait for one."""

import asyncio
from collections import deque
from typing import Final, NamedTuple

from loguru import logger

from app.db.connections import Connect, Connection, Scope

SPARE_SECONDS: Final = 10.0
_CLOSING_SECONDS: Final = 5.0


class PoolUse(NamedTuple):
    """How many connections are in use and at hand, and how many tasks wait for one."""

    in_use: int
    idle: int
    waiting: int


class Pool:
    """Lends connections: the one used last that suits, to whoever has waited longest.

    Connections are made when they are asked for. Those beyond `size` are closed once they were
    not needed for `spare` seconds: making one takes longer than most requests.

    Args:
        connect: Makes a connection.
        size: How many stay open.
        overflow: How many more there may be.
        patience: Seconds that a task waits for one.
        spare: Seconds.
    """

    def __init__(
        self,
        connect: Connect,
        *,
        size: int,
        overflow: int,
        patience: float,
        spare: float = SPARE_SECONDS,
    ) -> None:
        self._connect = connect
        self._size = size
        self._most = size + overflow
        self._patience = patience
        self._spare = spare
        # Those that are open, and those that somebody makes or has leave to make.
        self._places = 0
        self._idle: list[Connection] = []
        # How many lay idle at any time since it was last looked after those beyond `size`.
        self._unneeded = 0
        self._looking: asyncio.TimerHandle | None = None
        # Each one waits for a connection, or for leave (None) to make one.
        self._waiting: deque[asyncio.Future[Connection | None]] = deque()
        self._closing: set[asyncio.Task[None]] = set()

    def use(self) -> PoolUse:
        """Return how busy the pool is."""
        waiting = sum(not turn.done() for turn in self._waiting)
        return PoolUse(self._places - len(self._idle), len(self._idle), waiting)

    async def take(self, scope: Scope) -> Connection:
        """Return a connection that no other task has, if there is a choice one that suits `scope`.

        Raises:
            TimeoutError: If none came back in time.
        """
        while self._idle:
            connection = self._idle.pop(self._place(scope))
            self._unneeded = min(self._unneeded, len(self._idle))
            if connection.is_usable:
                return connection
            self._forget(connection)
        if self._places < self._most:
            self._places += 1
            return await self._made()
        return await self._next() or await self._made()

    def give_back(self, connection: Connection) -> None:
        """Take back what `take` returned."""
        if not connection.is_usable:
            self._forget(connection)
        elif (waiting := self._first_waiting()) is not None:
            waiting.set_result(connection)
        else:
            self._idle.append(connection)
            self._look_later()

    def forget_idle(self) -> None:
        """Close every connection that nobody uses: they may have died unnoticed."""
        self._unneeded = 0
        while self._idle:
            self._forget(self._idle.pop())

    async def close(self) -> None:
        """Close every connection that nobody uses, and wait until that is done."""
        self.forget_idle()
        if self._looking is not None:
            self._looking.cancel()
        while self._closing:
            await asyncio.wait(self._closing)

    def _look_later(self) -> None:
        """Look after the connections beyond `size` in a while, if there are any."""
        if self._looking is None and self._places > self._size:
            self._unneeded = len(self._idle)
            loop = asyncio.get_running_loop()
            self._looking = loop.call_later(self._spare, self._close_unneeded)

    def _close_unneeded(self) -> None:
        """Close those beyond `size` that lay idle all the while; the first in line lay longest."""
        self._looking = None
        count = max(0, min(self._unneeded, self._places - self._size))
        closed, self._idle = self._idle[:count], self._idle[count:]
        for connection in closed:
            self._forget(connection)
        self._look_later()

    def _place(self, scope: Scope) -> int:
        """Return which of the connections that nobody uses is lent for `scope`."""
        last = len(self._idle) - 1
        for place in range(last, -1, -1):
            if self._idle[place].suits(scope):
                return place
        return last

    async def _made(self) -> Connection:
        """Make a connection for a place that is counted already."""
        try:
            return await self._connect()
        except BaseException:
            self._leave()
            raise

    async def _next(self) -> Connection | None:
        turn: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(self._patience):
                return await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                self._pass_on(turn.result())
            turn.cancel()
            raise

    def _pass_on(self, turn: Connection | None) -> None:
        """Let the next in line have what came too late for this one."""
        if turn is not None:
            self.give_back(turn)
        else:
            self._leave()

    def _forget(self, connection: Connection) -> None:
        task = asyncio.get_running_loop().create_task(_closed(connection))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
        self._leave()

    def _leave(self) -> None:
        """Let whoever has waited longest make a connection in a place that became free."""
        if (waiting := self._first_waiting()) is not None:
            waiting.set_result(None)
        else:
            self._places -= 1

    def _first_waiting(self) -> asyncio.Future[Connection | None] | None:
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                return waiting
        return None


async def _closed(connection: Connection) -> None:
    try:
        async with asyncio.timeout(_CLOSING_SECONDS):
            await connection.close()
    except Exception as error:  # noqa: BLE001  # it is gone, which is all that was wanted
        logger.bind(error=type(error).__name__).debug("a connection did not end well")
