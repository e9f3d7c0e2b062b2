"""Statements of SQLAlchemy, made ready for a driver.

SQLAlchemy writes the SQL; its engine does not run it, since for a lookup by key that costs
several times what the database does. A statement that a `Fixed` holds is written once for
each dialect. All others are written once for each shape, under SQLAlchemy's own cache key.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple, Self, cast

from sqlalchemy import CTE, Dialect, Executable, Row, Select, Table
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.util import LRUCache

type Parameters = Mapping[str, Any]
type Processor = Callable[[Any], Any]

NO_PARAMETERS: Final[Parameters] = {}
_SHAPES_KEPT: Final = 1000
# PostgreSQL's number for `numeric`, the only kind whose values SQLAlchemy reads by it.
_NUMERIC_OID: Final = 1700


class Touch(NamedTuple):
    """What a statement has to do with tables, as far as its form tells.

    Attributes:
        tables: The tables that it touches.
        changes: Those of them in which it, or a part of it, may change rows.
        writes: Whether it changes or locks rows.
    """

    tables: tuple[Table, ...]
    changes: frozenset[Table]
    writes: bool

    @classmethod
    def of(cls, statement: Executable) -> Self:
        """Return what `statement` touches."""
        parts = _parts(statement)
        changing = [part.table for part in parts if isinstance(part, UpdateBase)]
        locks = isinstance(statement, Select) and statement._for_update_arg is not None  # noqa: SLF001
        return cls(
            tables=tuple(part for part in parts if isinstance(part, Table)),
            changes=frozenset(table for table in changing if isinstance(table, Table)),
            writes=locks or bool(changing),
        )


class Fixed:
    """A statement that never changes; what differs from call to call are its parameters.

    Attributes:
        statement: The statement, in which each `bindparam` without a value has a name.
        touch: What it has to do with tables.
    """

    __slots__ = ("_plans", "statement", "touch")

    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self.touch = Touch.of(statement)
        self._plans: dict[str, _Plan] = {}

    def plan(self, dialect: Dialect) -> "_Plan":
        """Return how it is run under `dialect`."""
        plan = self._plans.get(dialect.name)
        if plan is None:
            compiled = self.statement.compile(dialect=dialect)  # type: ignore[attr-defined]  # every Executable here is a ClauseElement
            plan = self._plans[dialect.name] = _Plan.of(compiled, dialect, self.touch)
        return plan


class Ready(NamedTuple):
    """A statement with its values, as a driver takes it."""

    sql: str
    values: Sequence[Any]
    rows: "RowMaker"
    touch: Touch


class Statements:
    """Makes statements ready for the driver of one dialect."""

    @classmethod
    @cache
    def of(cls, dialect: Dialect) -> Self:
        """Return what makes them ready for every database of a dialect."""
        return cls(dialect)

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._compiled: LRUCache[Any, Any] = LRUCache(_SHAPES_KEPT)
        self._known: LRUCache[SQLCompiler, tuple[RowMaker, Touch]] = LRUCache(_SHAPES_KEPT)

    def ready(self, statement: Executable | Fixed, parameters: Parameters) -> Ready:
        """Return `statement` with the values of `parameters` and its own."""
        if isinstance(statement, Fixed):
            return statement.plan(self.dialect).ready(parameters)
        # The one way to SQLAlchemy's cache of what it has compiled.
        found: Any = statement._compile_w_cache(  # noqa: SLF001
            self.dialect, compiled_cache=self._compiled, column_keys=[]
        )
        compiled, extracted, *_ = found
        values = compiled.construct_params(
            {**_defaults(compiled), **_given(compiled, parameters)},
            extracted_parameters=extracted,
            escape_names=False,
        )
        expanded = compiled.construct_expanded_state(values, escape_names=False)
        processors = {**compiled._bind_processors, **expanded.processors}  # noqa: SLF001
        return Ready(
            expanded.statement,
            [
                _sent(processors.get(name), expanded.parameters[name])
                for name in expanded.positiontup
            ],
            *self._known_of(compiled, statement),
        )

    def _known_of(self, compiled: SQLCompiler, statement: Executable) -> tuple["RowMaker", Touch]:
        known = self._known.get(compiled)
        if known is None:
            known = RowMaker.of(compiled, self.dialect), Touch.of(statement)
            self._known[compiled] = known
        return known


class RowMaker:
    """Turns what a driver returns into rows with names and Python's types."""

    __slots__ = ("_described", "_index", "_processors", "_read")

    def __init__(self, names: Sequence[str], processors: Sequence[Processor | None]) -> None:
        self._described = SimpleResultMetaData(names, _processors=cast("Any", processors))
        self._processors = self._described._effective_processors  # noqa: SLF001
        self._index = self._described._key_to_index  # noqa: SLF001
        self._read = [(place, read) for place, read in enumerate(processors) if read is not None]

    @classmethod
    def of(cls, compiled: SQLCompiler, dialect: Dialect) -> "RowMaker":
        """Return what makes rows of the statement that was `compiled`."""
        columns = compiled._result_columns  # noqa: SLF001
        return cls(
            [column.keyname for column in columns],
            [
                column.type._cached_result_processor(dialect, _NUMERIC_OID)  # noqa: SLF001
                for column in columns
            ],
        )

    def row(self, record: Sequence[Any]) -> Row[Any]:
        """Return the row that `record` holds."""
        return Row(self._described, self._processors, self._index, record)

    def made[T](self, make: Callable[..., T], records: Iterable[Sequence[Any]]) -> list[T]:
        """Return what `make` makes of the values that each of `records` holds, in their order."""
        made = []
        for record in records:
            values = list(record)
            for place, read in self._read:
                values[place] = read(values[place])
            made.append(make(*values))
        return made


class _Plan:
    """SQL, and which of its values are given anew each time."""

    __slots__ = ("_made", "_rows", "_sql", "_taken", "_touch", "_values")

    def __init__(
        self,
        sql: str,
        values: Sequence[Any],
        places: Sequence[tuple[int, str, Processor | None]],
        rows: RowMaker,
        touch: Touch,
    ) -> None:
        self._sql = sql
        self._values = values
        # Most values are sent as they are given, and to ask each of them whether it is takes time.
        self._taken = [(place, name) for place, name, processor in places if processor is None]
        self._made = [
            (place, name, processor) for place, name, processor in places if processor is not None
        ]
        self._rows = rows
        self._touch = touch

    @classmethod
    def of(cls, compiled: Any, dialect: Dialect, touch: Touch) -> "_Plan":
        given = {name for name, bind in compiled.binds.items() if bind.required}
        known = _defaults(compiled) | dict.fromkeys(given)
        expanded = compiled.construct_expanded_state(known, escape_names=False)
        processors = {**compiled._bind_processors, **expanded.processors}  # noqa: SLF001
        names = expanded.positiontup
        return cls(
            expanded.statement,
            [
                None if name in given else _sent(processors.get(name), expanded.parameters[name])
                for name in names
            ],
            [
                (place, _source(name), processors.get(name))
                for place, name in enumerate(names)
                if name in given
            ],
            RowMaker.of(compiled, dialect),
            touch,
        )

    def ready(self, parameters: Parameters) -> Ready:
        """Return the statement with `parameters`, all of which must be there."""
        values = list(self._values)
        for place, name in self._taken:
            values[place] = parameters[name]
        for place, name, processor in self._made:
            values[place] = processor(parameters[name])
        return Ready(self._sql, values, self._rows, self._touch)


def what_writes(statement: Executable) -> Executable:
    """Return the part that writes of a statement that tells what it has written."""
    if isinstance(statement, Select):
        # To ask it for its sources would write it, which takes ten times as long.
        for part in _parts(statement):
            if isinstance(part, CTE) and isinstance(part.element, UpdateBase):
                return part.element
    return statement


def _parts(statement: Executable) -> Collection[Any]:
    """Return `statement` and its parts, each once: many places may refer to one."""
    # By their identity, since to compare two of them makes an expression.
    parts: dict[int, Any] = {id(statement): statement}
    waiting: list[Any] = [statement]
    while waiting:
        for part in waiting.pop().get_children():
            if id(part) not in parts:
                parts[id(part)] = part
                waiting.append(part)
    return parts.values()


def _defaults(compiled: Any) -> dict[str, Any]:
    """Return the values of columns that an insert does not name and that have a default."""
    return {column.key: column.default.arg for column in compiled.insert_prefetch}


def _given(compiled: Any, parameters: Parameters) -> dict[str, Any]:
    """Return the values of the parameters that a statement asks for, all of which must be there."""
    return {
        name: parameters[_source(name)] for name, bind in compiled.binds.items() if bind.required
    }


def _source(name: str) -> str:
    """Return the name under which the value of a parameter is given.

    Parameters that are made of one value differ in what follows a stroke.
    """
    return name.partition("/")[0]


def _sent(processor: Processor | None, value: Any) -> Any:
    return value if processor is None else processor(value)
