"""Spans of statements: what they do to which table, and no value."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from opentelemetry.trace import SpanKind, StatusCode
from sqlalchemy import Executable, Row, Select, Table
from sqlalchemy.sql.dml import UpdateBase

from app.core.telemetry import TRACER
from app.db.statements import NO_PARAMETERS, Fixed, Parameters, what_writes
from app.db.transactions import Transaction


class TracedTransaction(Transaction):
    """A transaction whose statements are spans."""

    __slots__ = ()

    async def one_or_none(
        self, statement: Executable | Fixed, parameters: Parameters = NO_PARAMETERS
    ) -> Row[Any] | None:
        """Return the only row, or None if there is none."""
        with _span(self.dialect, statement):
            return await super().one_or_none(statement, parameters)

    async def all(
        self, statement: Executable | Fixed, parameters: Parameters = NO_PARAMETERS
    ) -> Sequence[Row[Any]]:
        """Return every row."""
        with _span(self.dialect, statement):
            return await super().all(statement, parameters)

    async def made[T](
        self,
        make: Callable[..., T],
        statement: Executable | Fixed,
        parameters: Parameters = NO_PARAMETERS,
    ) -> list[T]:
        """Return what `make` makes of the values of every row."""
        with _span(self.dialect, statement):
            return await super().made(make, statement, parameters)

    async def execute(
        self, statement: Executable | Fixed, parameters: Parameters = NO_PARAMETERS
    ) -> int:
        """Run `statement` and return how many rows it touched."""
        with _span(self.dialect, statement):
            return await super().execute(statement, parameters)

    async def execute_each(self, statement: Fixed, rows: Sequence[Parameters]) -> None:
        """Run a statement that writes once for each of `rows`."""
        with _span(self.dialect, statement):
            await super().execute_each(statement, rows)

    async def settle(self, *, keep: int = 0) -> None:
        """Run the statements that wait; the first lends its name to the span."""
        if len(self._waiting) > keep:
            with _span(self.dialect, self._waiting[0][0]):
                await super().settle(keep=keep)

    async def commit(self) -> None:
        """Run the statements that wait, and keep what the transaction has changed."""
        first = self._waiting[0] if self._waiting else self._required
        if first is None:
            await super().commit()
            return
        with _span(self.dialect, first[0]):
            await super().commit()


@contextmanager
def _span(dialect: str, statement: Executable | Fixed) -> Iterator[None]:
    kind, table = _told(statement.statement if isinstance(statement, Fixed) else statement)
    attributes = {"db.system.name": dialect, "db.operation.name": kind}
    if table:
        attributes["db.collection.name"] = table
    # Errors of the database carry values.
    with TRACER.start_as_current_span(
        f"{kind} {table}".rstrip(),
        kind=SpanKind.CLIENT,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield
        except Exception:
            span.set_status(StatusCode.ERROR)
            raise


def _told(whole: Executable) -> tuple[str, str]:
    """Return what a statement does, and to which table."""
    statement = what_writes(whole)
    if isinstance(statement, Select):
        tables = (each for each in statement.columns_clause_froms if isinstance(each, Table))
        return "SELECT", next((table.name for table in tables), "")
    if isinstance(statement, UpdateBase) and isinstance(statement.table, Table):
        return statement.__visit_name__.upper(), statement.table.name
    return "SQL", ""
