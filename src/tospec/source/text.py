"""Source texts and the spans that point into them."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a source file.

    Attributes:
        file: Path of the file as shown to people, relative to the spec's root, with `/`.
        line: First line, counted from 1.
        column: First column in code points, counted from 1.
        length: Number of code points on that line that the span covers, at least 1.
    """

    file: str
    line: int
    column: int
    length: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def inner(self, offset: int, length: int = 1) -> "Span":
        """Return the span of a part that starts `offset` code points into this one."""
        return Span(self.file, self.line, self.column + offset, max(length, 1))


@dataclass(frozen=True, slots=True)
class SourceText:
    """One file of a spec, read once.

    Attributes:
        file: Path as shown to people, relative to the spec's root, with `/`.
        text: Whole content, decoded, with plain line feeds.
    """

    file: str
    text: str = field(repr=False)

    def line(self, number: int) -> str:
        """Return line `number` (from 1) without its line end; empty when there is none."""
        lines = self.text.split("\n")
        return lines[number - 1] if 0 < number <= len(lines) else ""
