"""Several changes in one transaction, each carried out as if it had been asked for alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Table

from app.authorization.actor import Actor
from app.authorization.cross_tenant import CrossTenantWatch
from app.authorization.decisions import require
from app.authorization.dispatch import Message
from app.core.bulk import Outcome, require_all
from app.core.errors import AppError, InvalidReferenceError, NotFoundError, ServiceUnavailableError
from app.db.engine import Database
from app.db.savepoints import undone_if_refused
from app.db.transactions import Transaction
from app.repositories.holding import hold
from app.schemas.bulk import BulkItem


class PartHandler[M: Message[Any], R](Protocol):
    """Carries out one kind of message in a transaction that others share."""

    async def within(self, transaction: Transaction, command: M, /, *, actor: Actor) -> R:
        """Run `command` as a part of `transaction`."""
        ...


@dataclass(frozen=True, slots=True)
class Part[I: BulkItem, M: Message[Any], R]:
    """One kind of change.

    Attributes:
        message: Makes the message that asks for an item alone.
        handler: Carries it out.
    """

    message: Callable[[I], M]
    handler: PartHandler[M, R]

    async def carry_out(self, item: I, transaction: Transaction, actor: Actor) -> R:
        """Ask the actor's role, then do what `item` asks for.

        Raises:
            AppError: Whatever the change alone would be refused with.
        """
        message = self.message(item)
        if message.permission is not None:
            require(actor, message.permission)
        return await self.handler.within(transaction, message, actor=actor)


class Bulk[R]:
    """Carries out items in the order asked, on rows that were locked in the order of their ids.

    Args:
        database: Where the rows are.
        table: Their table.
        parts: How to carry out each kind of item.
    """

    def __init__(
        self, database: Database, table: Table, parts: Mapping[type[BulkItem], Part[Any, Any, R]]
    ) -> None:
        self._database = database
        self._table = table
        self._parts = parts
        self._watch = CrossTenantWatch(database)

    async def __call__(
        self,
        items: Sequence[BulkItem],
        *,
        together: bool,
        visible: ColumnElement[bool],
        actor: Actor,
    ) -> Sequence[Outcome[R]]:
        """Return what became of each item; those that were refused changed nothing.

        Args:
            items: Each about another row.
            together: Whether nothing is to be done if one item is refused.
            visible: Which rows the actor knows of.
            actor: On whose behalf.

        Raises:
            BulkFailedError: If an item was refused, and they were to be done together.
        """
        outcomes: list[Outcome[R]] = []
        try:
            async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
                await hold(
                    self._table,
                    [item.id for item in items],
                    transaction,
                    tenant_id=actor.tenant_id,
                    visible=visible,
                )
                outcomes += [await self._attempt(item, transaction, actor) for item in items]
                if together:
                    require_all(outcomes)
        finally:
            await self._look_into(outcomes, actor)
        return outcomes

    async def _attempt(self, item: BulkItem, transaction: Transaction, actor: Actor) -> Outcome[R]:
        part = self._parts[type(item)]
        try:
            async with undone_if_refused(transaction):
                result = await part.carry_out(item, transaction, actor)
        except ServiceUnavailableError:
            raise
        except AppError as error:
            return Outcome(id=item.id, result=error)
        return Outcome(id=item.id, result=result)

    async def _look_into(self, outcomes: Sequence[Outcome[R]], actor: Actor) -> None:
        errors = [outcome.error for outcome in outcomes]
        searched = [e for e in errors if isinstance(e, NotFoundError | InvalidReferenceError)]
        if missing := [each for error in searched for each in error.missing]:
            await self._watch(actor, missing)
