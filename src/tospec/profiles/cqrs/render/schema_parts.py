"""Parts that the modules of the wire format are made of."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from tospec.python import Code, fill, symbol

_ABSENT: Final = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """One class of a wire format."""

    type: Code
    base: Code
    docstring: Code
    members: tuple[Code, ...]


def absent(members: Collection[str]) -> Code:
    """Return the default of what may be left out, which no member of the class hides."""
    alias = f"model_{_ABSENT}" if _ABSENT in members else None
    return fill("{}()", symbol("app.schemas.base", _ABSENT, alias=alias))
