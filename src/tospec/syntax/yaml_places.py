"""Where a piece of YAML stands in its file."""

from dataclasses import dataclass, field

from tospec.source import Span


@dataclass(frozen=True, slots=True)
class Fragment:
    r"""YAML text cut out of a file.

    Attributes:
        file: The file, as in `Span.file`.
        text: The YAML, with `\n` line ends.
        first_line: Line of the file on which `text` begins, from 1.
        indents: For each line of `text`, the code points cut off in front of it; empty when none
            were cut anywhere.
    """

    file: str
    text: str = field(repr=False)
    first_line: int = 1
    indents: tuple[int, ...] = ()

    def span(self, line: int, column: int, length: int = 1) -> Span:
        """Return the place in the file of a place in `text`; `line` and `column` count from 0."""
        place = self.place(line, column)
        return Span(self.file, *place, max(length, 1))

    def place(self, line: int, column: int) -> tuple[int, int]:
        """Return line and column in the file, from 1, of a place in `text`, from 0."""
        indent = self.indents[line] if line < len(self.indents) else 0
        return self.first_line + line, indent + column + 1


@dataclass(frozen=True, slots=True)
class Extent:
    """Where a scalar begins and ends in a fragment; all numbers count from 0."""

    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def one_line(self) -> bool:
        """Whether the scalar ends on the line on which it begins."""
        return self.line == self.end_line


def verbatim(
    fragment: Fragment, lines: list[str], extent: Extent, text: str, *, quoted: bool
) -> tuple[tuple[int, int, int], ...]:
    """Return the stretches of a scalar's `text` that the file holds verbatim.

    Args:
        fragment: The YAML that holds the scalar.
        lines: `fragment.text` by line.
        extent: Where the scalar stands, quotes or block indicator included.
        text: The scalar's text, escapes and folds resolved.
        quoted: Whether it has quotes or a block indicator.

    Returns:
        Offset in `text`, line and column in the file, ordered by offset; empty when escapes
        make the text differ from what is written.
    """
    if not extent.one_line:
        return _stretches(fragment, lines, extent, text)
    if not quoted:
        return ((0, *fragment.place(extent.line, extent.column)),)
    if extent.end_column - extent.column - 2 != len(text):
        return ()
    return ((0, *fragment.place(extent.line, extent.column + 1)),)


def _stretches(
    fragment: Fragment, lines: list[str], extent: Extent, text: str
) -> tuple[tuple[int, int, int], ...]:
    found: list[tuple[int, int, int]] = []
    cursor = 0
    for number in range(extent.line, min(extent.end_line + 1, len(lines))):
        begin = extent.column if number == extent.line else 0
        end = extent.end_column if number == extent.end_line else None
        written = lines[number][begin:end]
        part = written.strip().strip("\"'")
        offset = text.find(part, cursor) if part else -1
        if offset >= 0:
            found.append((offset, *fragment.place(number, begin + written.find(part))))
            cursor = offset + len(part)
    return tuple(found)
