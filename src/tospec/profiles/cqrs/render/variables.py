"""Names that one module defines or one function uses."""

import re
from typing import Final

from tospec.ir.names import EntityNames
from tospec.python import Code, InvalidNameError, identifier, name_problem

_TYPE: Final = re.compile(r"[A-Z][A-Za-z0-9]{0,79}")

_TAKEN: Final = frozenset(
    [
        "actor",
        "before",
        "body",
        "changes",
        "command",
        "condition",
        "dispatch",
        "item",
        "listing",
        "literal",
        "page",
        "policy",
        "principal",
        "query",
        "request",
        "response",
        "rules",
        "sent",
        "service",
        "transaction",
        "transition",
        "updated",
        "values",
        "visible",
    ]
)


def type_name(text: str) -> Code:
    """Return the name of a class.

    Raises:
        InvalidNameError: If it is none in PascalCase.
    """
    if not _TYPE.fullmatch(text):
        message = f"{text!a} is no name of a class"
        raise InvalidNameError(message)
    return Code(text)


def row_variable(names: EntityNames) -> Code:
    """Return the variable of one row."""
    return _free(names.singular, "row")


def rows_variable(names: EntityNames) -> Code:
    """Return the variable of many rows."""
    return _free(names.plural, "rows")


def _free(name: str, suffix: str) -> Code:
    taken = name in _TAKEN or name_problem(name)
    return identifier(f"{name}_{suffix}" if taken else name)
