"""Source that several kinds of tests are made of."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from tospec.ir.case_tables import EntityCases, Stored
from tospec.ir.cases import Made, Value
from tospec.ir.names import EntityNames
from tospec.profiles.cqrs import places
from tospec.python import (
    NOTHING,
    Code,
    attribute,
    constant_case,
    fill,
    identifier,
    join,
    literal,
    symbol,
)

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*_[a-z0-9_]*[a-z0-9]", re.ASCII)
_OWN_TYPES: Final = frozenset(
    {
        *("Any", "Call", "Decimal", "Final", "Operation", "Person", "Reference", "Role", "Tenant"),
        *("UUID", "World"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeRow:
    """A line that makes a row: its variable and the call."""

    variable: Code
    call: Code


def home(role: str) -> Code:
    """Return the use of the person of a role in the tenant of the tests."""
    return fill("world.home[{}]", places.role(role))


def away(role: str) -> Code:
    """Return the use of the person of a role in another tenant."""
    return fill("world.other[{}]", places.role(role))


def joined_name(*parts: str) -> Code:
    """Return a name made of names; together they mean nothing in Python.

    Raises:
        ValueError: If a part is no snake-case name.
    """
    name = "_".join(parts)
    if not _NAME.fullmatch(name):
        message = f"{name!a} is no name"
        raise ValueError(message)
    return Code(name)


def model(names: EntityNames) -> Code:
    """Return the use of an entity's class, under another name if tests have one of that name."""
    if names.type not in _OWN_TYPES:
        return places.model(names)
    return symbol(places.model_module(names), names.type, alias=f"{names.type}Row")


def roles(names: Iterable[str]) -> Code:
    """Return a tuple of roles."""
    return tuple_of(places.role(name) for name in names)


def tuple_of(items: Iterable[Code]) -> Code:
    """Return a tuple."""
    known = tuple(items)
    inside = join(", ", known)
    return fill("({},)", inside) if len(known) == 1 else fill("({})", inside)


def requirements(ids: Iterable[str]) -> Code:
    """Return ids as arguments of a mark."""
    return join(", ", (literal(each) for each in ids))


def factory(names: EntityNames, verb: str) -> Code:
    """Return the use of a function that makes or finds rows: `make_task`."""
    return symbol(f"tests.factories.{names.plural}", joined_name(verb, names.singular).text)


def operation(names: EntityNames, name: str) -> Code:
    """Return the use of what tests know about an operation: `START_TASK`."""
    return symbol(f"tests.calls.{names.plural}", constant_case(name))


def keywords(values: Iterable[Value]) -> Code:
    """Return values as keyword arguments after a first argument."""
    parts = [fill(", {}={}", attribute(value.name), value.code) for value in values]
    return join("", parts) if parts else NOTHING


def mapping(values: Iterable[Value]) -> Code:
    """Return values as a dict."""
    items = (fill("{}: {}", literal(value.name), value.code) for value in values)
    return fill("{{{}}}", join(", ", items))


def make(names: EntityNames, by: Code, values: Iterable[Value] = ()) -> Code:
    """Return the call that makes a row."""
    return fill("{}({}{})", factory(names, "make"), by, keywords(values))


def outside(body: Code, module: str) -> Code:
    """Return a module's body without imports from the module itself."""
    return Code(body.text, frozenset(each for each in body.imports if each.module != module))


def held_before(stored: Iterable[Stored]) -> Code:
    """Return what a row has to hold before, as keyword arguments after a first one."""
    return keywords(
        Value(name=each.member, code=each.before) for each in stored if each.before is not None
    )


def made(rows: Iterable[Made], by: Code) -> tuple[MadeRow, ...]:
    """Return the lines that make rows."""
    return tuple(
        MadeRow(variable=identifier(row.variable), call=make(row.names, by, row.values))
        for row in rows
    )


def header(entity: EntityCases, about: str, ids: Sequence[str] | None = None) -> str:
    """Return what a module of tests says about itself: it serves `ids`, or what the entity does."""
    nouns = entity.names.nouns
    known = entity.requirements if ids is None else ids
    served = f" ({', '.join(known)})" if known else ""
    return f"{nouns[:1].upper()}{nouns[1:]}: {about}{served}."


def compared(value: Code | None) -> Code:
    """Return the comparison with a value; None stands for any but null."""
    if value is None:
        return Code("is not None")
    if value.text in {"None", "True", "False"}:
        return fill("is {}", value)
    return fill("== {}", value)
