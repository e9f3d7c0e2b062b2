"""JSON as the backend writes its documents: sorted, two spaces a level, any character as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from json import JSONEncoder
from typing import Final

type Json = Shared | Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None

_STEP: Final = "  "
_SCALAR: Final = JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """An object that stands in many places of a document, and is put into words once a level."""

    value: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes one document."""

    _known: dict[tuple[Shared, str], str] = field(default_factory=dict)

    def text(self, value: Json, margin: str = "\n") -> str:
        """Return a value as text whose lines begin with `margin`, but for the first."""
        match value:
            case Shared():
                return self._shared(value, margin)
            case Mapping() if value:
                inner = margin + _STEP
                pairs = sorted(value.items())
                lines = (f"{_SCALAR(key)}: {self.text(each, inner)}" for key, each in pairs)
                return f"{{{inner}{f',{inner}'.join(lines)}{margin}}}"
            case list() | tuple() if value:
                inner = margin + _STEP
                items = (self.text(each, inner) for each in value)
                return f"[{inner}{f',{inner}'.join(items)}{margin}]"
            case _:
                return _SCALAR(value)

    def _shared(self, value: Shared, margin: str) -> str:
        key = (value, margin)
        if key not in self._known:
            self._known[key] = self.text(value.value, margin)
        return self._known[key]
