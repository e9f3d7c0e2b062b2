"""Gathering what is wrong while a spec is being decoded."""

from collections.abc import Collection

from tospec.diagnostics import Diagnostic, nearest, ordered
from tospec.source import Span

MOST_NAMES_SHOWN = 12


class Problems:
    """What was found so far."""

    def __init__(self) -> None:
        self._found: list[Diagnostic] = []

    def add(
        self,
        code: str,
        span: Span | None,
        message: str,
        help_: str = "",
        related: tuple[tuple[Span, str], ...] = (),
    ) -> None:
        """Record an error."""
        found = Diagnostic(code=code, span=span, message=message, help=help_, related=related)
        self._found.append(found)

    def extend(self, found: Collection[Diagnostic]) -> None:
        """Record errors that were found elsewhere."""
        self._found.extend(found)

    def unknown(self, code: str, span: Span, what: str, name: str, known: Collection[str]) -> None:
        """Record a name that stands for nothing, with the nearest one that does."""
        self.add(code, span, f"There is no {what} '{shown(name)}'.", suggestion(name, known))

    def all(self) -> tuple[Diagnostic, ...]:
        """Return what was found, in order of place."""
        return ordered(self._found)


def suggestion(name: str, known: Collection[str]) -> str:
    """Return which known name may be meant; all of them when they are few and none is near."""
    near = nearest(name, known)
    if near or not known:
        return near
    names = sorted(known)
    if len(names) > MOST_NAMES_SHOWN:
        return ""
    return f"Known: {', '.join(names)}."


def shown(text: str, limit: int = 60) -> str:
    """Return a text of the spec as a message may show it: on one line and not too long."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
