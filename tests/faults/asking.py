"""Questions to a database, from outside of the backend."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg


def asked(url: str, statement: str, *values: Any) -> Sequence[asyncpg.Record]:
    """Return the rows that a statement answers."""
    return asyncio.run(_asked(url, statement, values))


async def _asked(url: str, statement: str, values: Sequence[Any]) -> Sequence[asyncpg.Record]:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        rows: Sequence[asyncpg.Record] = await connection.fetch(statement, *values)
    finally:
        await connection.close(timeout=5)
    return rows


class Held:
    """A transaction that holds what a statement locks, from `with` on until its end."""

    def __init__(self, url: str, statement: str) -> None:
        self._url = url
        self._statement = statement
        self._loop = asyncio.new_event_loop()

    def __enter__(self) -> "Held":
        """Begin the transaction."""
        self._connection = self._loop.run_until_complete(asyncpg.connect(self._url, timeout=5))
        self.also("BEGIN")
        self.also(self._statement)
        return self

    def also(self, statement: str) -> None:
        """Run another statement in it."""
        self._loop.run_until_complete(self._connection.execute(statement, timeout=30))

    def __exit__(self, *_: object) -> None:
        """Commit it."""
        try:
            self.also("COMMIT")
        finally:
            self._loop.run_until_complete(self._connection.close(timeout=5))
            self._loop.close()
