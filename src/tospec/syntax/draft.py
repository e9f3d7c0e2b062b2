"""A spec while it is being assembled."""

from dataclasses import dataclass

from tospec.source import Span
from tospec.syntax.declaring import Catalogue
from tospec.syntax.parts import Part, all_of, first_of
from tospec.syntax.problems import Problems
from tospec.syntax.reading import Reading


@dataclass(slots=True)
class Draft:
    """A spec while it is being assembled.

    Attributes:
        place: Where what the conventions bring is said to stand.
    """

    reading: Reading
    parts: tuple[Part, ...]
    place: Span
    names: Catalogue
    problems: Problems

    def first(self, kind: str) -> Part | None:
        """Return the first block of a kind."""
        return first_of(self.parts, kind)

    def all(self, kind: str) -> tuple[Part, ...]:
        """Return the blocks of a kind."""
        return all_of(self.parts, kind)

    @property
    def operates_jobs(self) -> bool:
        """Whether there are jobs, and somebody to operate them."""
        return bool(self.first("jobs") and self.first("job"))

    @property
    def has_runs(self) -> bool:
        """Whether jobs follow one another, or ask about each of many rows."""
        return any("then" in part.keys or _asks_each(part) for part in self.all("job"))


def _asks_each(part: Part) -> bool:
    return "for_each" in part.keys and any("call" in each for each in part.keys.records("do"))
