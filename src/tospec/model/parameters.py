"""Query parameters by which lists are narrowed."""

from typing import Final

from tospec.expression import Kind
from tospec.model.entities import Computed
from tospec.model.fields import FieldType

PAGING: Final = ("limit", "cursor", "sort")
"""Parameters of every list."""

SEARCH: Final = "q"
"""The parameter of a list that can be searched."""

_NUMBERS: Final = ("min", "max")
_TIMES: Final = ("from", "before")
_BOUNDS: Final = {
    FieldType.INT: _NUMBERS,
    FieldType.DECIMAL: _NUMBERS,
    FieldType.DURATION: _NUMBERS,
    FieldType.TIMESTAMP: _TIMES,
    FieldType.DATE: _TIMES,
}
_TYPES: Final = {
    Kind.BOOL: FieldType.BOOL,
    Kind.INT: FieldType.INT,
    Kind.DECIMAL: FieldType.DECIMAL,
    Kind.TIMESTAMP: FieldType.TIMESTAMP,
    Kind.DATE: FieldType.DATE,
    Kind.DURATION: FieldType.DURATION,
    Kind.UUID: FieldType.UUID,
}


def computed_type(computed: Computed) -> FieldType:
    """Return the type of a field that would hold a computed value."""
    return _TYPES.get(computed.value.tree.type.kind, FieldType.STRING)


def parameters_of(name: str, type_: FieldType) -> tuple[str, ...]:
    """Return the parameters by which a value of a type is narrowed: the lower bound first."""
    ends = _BOUNDS.get(type_)
    return (name,) if ends is None else tuple(f"{name}_{end}" for end in ends)
