"""What the database objects to, told as domain errors. No SQL text leaves this module."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from typing import Final

from loguru import logger
from sqlalchemy import Constraint, Delete, Executable, Index, MetaData, Table

from app.core.errors import (
    AppError,
    ConcurrentUpdateError,
    FieldError,
    InvalidReferenceError,
    NotFoundError,
    ReferencedError,
    SerializationError,
    ServiceUnavailableError,
    UniqueConflictError,
    ValidationError,
)
from app.core.metrics import VALIDATION_GAPS
from app.db.metadata import FIELDS
from app.db.statements import Fixed

_GAP_STATES: Final = frozenset(
    (
        *("23502", "23514", "22000", "22001", "22003", "22007", "22008"),
        *("22021", "22P02", "22P05", "2201W", "2201X", "2201B", "42601"),
    )
)
# What drivers and column types raise for a value they cannot send.
_UNFIT: Final = (ValueError, OverflowError)
# What they raise when the database cannot be reached; a TimeoutError is one of them.
_AWAY: Final = OSError
# A standby says 0A000 to whoever begins to write.
_AWAY_STATES: Final = frozenset(("57014", "57P01", "57P02", "57P03", "22023", "0A000"))
# What a server says while a connection is being made: it, the database or the login is
# not there, or not for us.
_UNREACHABLE_STATES: Final = frozenset(("28000", "28P01", "3D000", "55000"))
_SERIALIZATION_STATES: Final = frozenset(("40001", "40P01"))
_SQLITE_STATES: Final[tuple[tuple[str, str], ...]] = (
    ("UNIQUE constraint failed", "23505"),
    ("FOREIGN KEY constraint failed", "23503"),
    ("NOT NULL constraint failed", "23502"),
    ("CHECK constraint failed", "23514"),
    # Writers queue for the one lock of the file; this one has waited long enough.
    ("database is locked", "57014"),
    ("database table is locked", "57014"),
    ("interrupted", "57014"),
    ("unable to open database file", "08000"),
    ("disk I/O error", "08000"),
    ("database or disk is full", "53100"),
)
_SQLITE_COLUMN: Final = re.compile(r"[\w$]+\.([\w$]+)")
_SQLITE_INDEX: Final = re.compile(r"index '([\w$]+)'")


class Faults:
    """Translates errors of the driver, with the public names that tables declare."""

    def __init__(self, metadata: MetaData) -> None:
        self._metadata = metadata
        self._fields: dict[str, tuple[str, ...]] = {}
        self._of_no_statement = Translation(self, None)

    def translated(self, statement: Executable | Fixed | None = None) -> "Translation":
        """Raise the domain error for whatever the database raises inside.

        Raises:
            AppError: As the table in `translate` says.
            Exception: The error itself, if it is a defect of this program.
        """
        return self._of_no_statement if statement is None else Translation(self, statement)

    def translate(self, error: Exception, statement: Executable | None) -> AppError | None:
        """Return the domain error for `error`, or None if it is a defect."""
        if isinstance(error, _AWAY):
            _warn_away(error)
            return ServiceUnavailableError()
        if isinstance(error, sqlite3.Error) or hasattr(error, "sqlstate"):
            return self._by_state(error, statement)
        return _validation_gap("bind", error) if isinstance(error, _UNFIT) else None

    def _by_state(self, error: Exception, statement: Executable | None) -> AppError | None:
        state = sql_state(error)
        known: dict[str, Callable[[], AppError]] = {
            "23505": lambda: UniqueConflictError(self._public_fields(error, statement)),
            "23503": lambda: self._reference_fault(error, statement),
            "55P03": ConcurrentUpdateError,
            "42501": lambda: _row_security_violation(error),
        }
        if state in known:
            return known[state]()
        if state in _SERIALIZATION_STATES:
            return SerializationError()
        if state in _AWAY_STATES | _UNREACHABLE_STATES or state[:2] in {"08", "53"}:
            _warn_away(error)
            return ServiceUnavailableError()
        return _validation_gap(state, error) if state in _GAP_STATES else None

    def _reference_fault(self, error: Exception, statement: Executable | None) -> AppError:
        # PostgreSQL reports both directions with one state; only the text differs.
        if isinstance(statement, Delete) or "is still referenced" in str(error):
            return ReferencedError()
        fields = self._public_fields(error, statement)
        return InvalidReferenceError(f"#/{fields[0]}" if fields else "#")

    def _public_fields(self, error: Exception, statement: Executable | None) -> tuple[str, ...]:
        name = getattr(error, "constraint_name", None)
        text = str(error)
        if name is None and (found := _SQLITE_INDEX.search(text)):
            name = found.group(1)
        if name is not None:
            return self._declared().get(str(name), ())
        return self._fields_of_columns(text, statement)

    def _fields_of_columns(self, text: str, statement: Executable | None) -> tuple[str, ...]:
        columns = _SQLITE_COLUMN.findall(text)
        table = getattr(statement, "table", None)
        if not isinstance(table, Table) or not columns:
            return ()
        for constraint in (*table.constraints, *table.indexes):
            names = [column.name for column in getattr(constraint, "columns", ())]
            if sorted(names) == sorted(columns) and FIELDS in constraint.info:
                return tuple(constraint.info[FIELDS])
        return ()

    def _declared(self) -> dict[str, tuple[str, ...]]:
        if not self._fields:
            self._fields = dict(_declared_fields(self._metadata))
        return self._fields


class Translation:
    """A block of code whose errors of the database are told as domain errors.

    Every statement runs in one, so it is a class: a generator costs it several times as much.
    """

    __slots__ = ("_faults", "_statement")

    def __init__(self, faults: Faults, statement: Executable | Fixed | None) -> None:
        self._faults = faults
        self._statement = statement

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Raise the domain error for `error`, if there is one."""
        if not isinstance(error, Exception):
            return
        statement = self._statement
        plain = statement.statement if isinstance(statement, Fixed) else statement
        translated = self._faults.translate(error, plain)
        if translated is not None:
            raise translated from error


def _declared_fields(metadata: MetaData) -> Iterator[tuple[str, tuple[str, ...]]]:
    for table in metadata.tables.values():
        declared: tuple[Constraint | Index, ...] = (*table.constraints, *table.indexes)
        for constraint in declared:
            if FIELDS in constraint.info:
                # The naming convention gives the name a type of its own.
                yield str(constraint.name), tuple(constraint.info[FIELDS])


def sql_state(error: Exception) -> str:
    """Return the SQLSTATE of `error`; for SQLite, of the state its text stands for."""
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return state
    text = str(error)
    return next((state for start, state in _SQLITE_STATES if start in text), "")


def _warn_away(error: Exception) -> None:
    logger.bind(error=type(error).__name__, state=sql_state(error)).warning("database unavailable")


def _validation_gap(state: str, error: Exception) -> ValidationError:
    VALIDATION_GAPS.inc()
    logger.bind(state=state, error=type(error).__name__).error("validation gap")
    return ValidationError(
        [FieldError(pointer="#", code="not-storable", detail="A value cannot be stored.")]
    )


def _row_security_violation(error: Exception) -> NotFoundError:
    logger.bind(event="row_security_violation", state=sql_state(error)).error(
        "row-level security refused a statement"
    )
    return NotFoundError()
