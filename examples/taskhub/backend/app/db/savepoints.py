"""Parts of a transaction that can be undone by themselves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import text

from app.core.errors import AppError, ServiceUnavailableError
from app.db.transactions import Transaction

_SET: Final = text("SAVEPOINT part")
_UNDO: Final = text("ROLLBACK TO SAVEPOINT part")
_FORGET: Final = text("RELEASE SAVEPOINT part")


@asynccontextmanager
async def undone_if_refused(transaction: Transaction) -> AsyncIterator[None]:
    """Undo what is done within if it is refused, and keep the rest of the transaction.

    A database that is away, or that gave way to another transaction, ends the whole
    transaction, as does a defect.
    """
    await transaction.execute(_SET)
    try:
        yield
        await transaction.settle()
    except ServiceUnavailableError:
        raise
    except AppError:
        transaction.forget()
        await transaction.execute(_UNDO)
        await transaction.execute(_FORGET)
        raise
    await transaction.execute(_FORGET)
