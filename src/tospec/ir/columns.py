"""How source names a column of a table."""

from typing import Final

from tospec.python import Code, attribute, fill, literal

_COLLECTION_NAMES: Final = frozenset(
    [
        "add",
        "as_readonly",
        "clear",
        "compare",
        "contains_column",
        "corresponding_column",
        "extend",
        "get",
        "items",
        "keys",
        "remove",
        "update",
        "values",
    ]
)
"""What a collection of columns calls its own; such columns go by subscript."""


def column_of(table: Code, name: str) -> Code:
    """Return the column called `name` of a table, an alias or a row of either."""
    if name in _COLLECTION_NAMES:
        return fill("{}.c[{}]", table, literal(name))
    return fill("{}.c.{}", table, attribute(name))
