"""What the database alone knows of an expression: rows, and perhaps the time."""

from tospec.expression import Aggregate, Arithmetic, Call, Function, Kind, MayDo, Path, Typed, parts
from tospec.lowering.expressions.names import SqlNames


class Stored:
    """Tells parts that a statement must ask for from those that are known before it runs."""

    def __init__(self, names: SqlNames) -> None:
        self._names = names

    def is_stored(self, part: Typed) -> bool:
        """Return whether a part's value is known to the database only."""
        return self.varies(part) or any(map(self._is_clock, parts(part)))

    def varies(self, part: Typed) -> bool:
        """Return whether a part's value differs between rows."""
        return any(
            isinstance(each, Aggregate | MayDo)
            or (isinstance(each, Path) and self._names.is_stored(each.root))
            for each in parts(part)
        )

    def is_instant(self, part: Typed) -> bool:
        """Return whether a part is the stored clock, moved by what is known."""
        match part:
            case Call():
                return self._is_clock(part)
            case Arithmetic(operator="+", left=left, right=right) if self.is_instant(right):
                return self._is_known_length(left)
            case Arithmetic(operator="+" | "-", left=left, right=right) if self.is_instant(left):
                return self._is_known_length(right)
            case _:
                return False

    def _is_clock(self, part: Typed) -> bool:
        is_now = isinstance(part, Call) and part.function is Function.NOW
        return is_now and self._names.is_clock_stored

    def _is_known_length(self, part: Typed) -> bool:
        return part.type.kind is Kind.DURATION and not self.is_stored(part)
