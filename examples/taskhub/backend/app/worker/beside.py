"""What else a worker may do beside jobs, and what else may hear of events."""

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Row

from app.db.transactions import Transaction


class Listener(Protocol):
    """Hears of events when they are relayed."""

    @property
    def events(self) -> frozenset[str]:
        """Return the names of those that it hears of."""

    @property
    def tables(self) -> frozenset[str]:
        """Return what it reads and writes of all tenants, as the role of workers."""

    async def hear(self, transaction: Transaction, rows: Sequence[Row[Any]]) -> None:
        """Take in some rows of the outbox, in the transaction that relays them."""


class Companion(Protocol):
    """Works beside the jobs."""

    async def run(self) -> None:
        """Work until cancelled."""

    async def close(self) -> None:
        """End what is at hand."""
