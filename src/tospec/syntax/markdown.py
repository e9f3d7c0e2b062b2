"""Markdown to requirements and fenced blocks. Prose is carried along, never interpreted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tospec.diagnostics import Diagnostic
from tospec.source import SourceText, Span
from tospec.syntax.read_codes import TOO_MUCH_MARKDOWN
from tospec.syntax.read_fences import INFO, check_code, fragment_of, misspelt, unclosed
from tospec.syntax.yaml_places import Fragment

MAX_NESTING: Final = 50
MAX_TOKENS: Final = 400_000

_REQUIREMENT: Final = re.compile(
    r"(?P<id>[A-Z][A-Z0-9]*-[0-9]+)(?![\w-])[ \t]*[:.\u2013\u2014-]?[ \t]*(?P<title>.*)"
)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A heading with a requirement id and the text below it.

    Attributes:
        id: The id, such as `REQ-012`.
        title: The rest of the heading, as Markdown source.
        prose: The text up to the next requirement or to the end of the section, as Markdown
            source without code.
        span: The id in the heading.
    """

    id: str
    title: str
    prose: str
    span: Span


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced spec block.

    Attributes:
        fragment: The YAML in it.
        requirement: The requirement whose section holds it.
        span: The opening line.
    """

    fragment: Fragment
    requirement: Requirement | None
    span: Span


@dataclass(frozen=True, slots=True)
class Page:
    """What tospec takes from one Markdown file, each in source order."""

    requirements: tuple[Requirement, ...]
    fences: tuple[Fence, ...]
    diagnostics: tuple[Diagnostic, ...]


def read_page(source: SourceText) -> Page:
    """Return the requirements and spec blocks of a Markdown file."""
    tokens = _Tokens()
    try:
        parser = _parser()
        parser.block.parse(source.text, parser, {}, tokens)
    except _FullError:
        return Page((), (), (_too_much(source.file, 1, "The file has too many parts."),))
    lines = source.text.split("\n")
    reader = _Reader(source.file, lines, list(_headings(tokens)), _code_lines(tokens, len(lines)))
    return reader.page(tokens)


class _FullError(Exception):
    """The parser produced more tokens than a spec can need."""


class _Tokens(list[Token]):
    """The parser's output, bounded so that a hostile file cannot use up the memory."""

    def append(self, token: Token) -> None:
        if len(self) >= MAX_TOKENS:
            raise _FullError
        super().append(token)


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    line: int
    end_line: int
    text: str
    match: re.Match[str] | None


@dataclass(slots=True)
class _Reader:
    """Walks the tokens of one file and keeps the sections that are open."""

    file: str
    lines: list[str]
    headings: list[_Heading]
    code: bytearray
    requirements: list[Requirement] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    _open: list[tuple[int, Requirement]] = field(default_factory=list)

    def page(self, tokens: list[Token]) -> Page:
        """Return what the tokens hold."""
        self._check_depth(tokens)
        index = 0
        for token in tokens:
            if token.type == "heading_open" and token.level == 0:
                self._heading(index)
                index += 1
            elif token.type == "fence":
                self._fence(token)
            elif token.type == "code_block":
                self.problems.extend(check_code(token, self.file, self.lines))
        return Page(tuple(self.requirements), tuple(self.fences), tuple(self.problems))

    def _heading(self, index: int) -> None:
        heading = self.headings[index]
        while self._open and self._open[-1][0] >= heading.level:
            self._open.pop()
        if heading.match:
            requirement = self._requirement(index, heading, heading.match)
            self.requirements.append(requirement)
            self._open.append((heading.level, requirement))

    def _requirement(self, index: int, heading: _Heading, match: re.Match[str]) -> Requirement:
        id_ = match["id"]
        column = max(self.lines[heading.line].find(id_), 0) + 1
        span = Span(self.file, heading.line + 1, column, len(id_))
        return Requirement(id_, match["title"].strip(), self._prose(index), span)

    def _prose(self, index: int) -> str:
        heading = self.headings[index]
        end = len(self.lines)
        for position in range(index + 1, len(self.headings)):
            later = self.headings[position]
            if later.match or later.level <= heading.level:
                end = later.line
                break
        kept = (self.lines[n].rstrip() for n in range(heading.end_line, end) if not self.code[n])
        return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n")

    def _fence(self, token: Token) -> None:
        problem = unclosed(token, self.file, self.lines)
        if problem is None and token.info.strip() == INFO:
            fragment, problem = fragment_of(token, self.file, self.lines)
            if fragment is not None:
                self.fences.append(self._located(token, fragment))
        elif problem is None:
            problem = misspelt(token, self.file, self.lines)
        if problem is not None:
            self.problems.append(problem)

    def _located(self, token: Token, fragment: Fragment) -> Fence:
        requirement = self._open[-1][1] if self._open else None
        line = fragment.first_line - 1
        column = max(self.lines[line - 1].find(token.markup), 0) + 1
        length = len(self.lines[line - 1].rstrip()) - column + 1
        return Fence(fragment, requirement, Span(self.file, line, column, length))

    def _check_depth(self, tokens: list[Token]) -> None:
        """Report where the parser stopped to look, since what is behind it goes unread."""
        deep = next((t for t in tokens if t.level >= MAX_NESTING - 1 and t.map), None)
        if deep and deep.map:
            message = "Lists and quotes are nested too deeply to be read."
            self.problems.append(_too_much(self.file, deep.map[0] + 1, message))


def _parser() -> MarkdownIt:
    """Return a parser that finds blocks only: no text inside a line matters."""
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING})
    return parser.disable("reference")


def _headings(tokens: list[Token]) -> Iterator[_Heading]:
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.level == 0 and token.map:
            text = inline.content.strip()
            match = _REQUIREMENT.match(text)
            yield _Heading(int(token.tag[1:]), token.map[0], token.map[1], text, match)


def _code_lines(tokens: list[Token], count: int) -> bytearray:
    """Return, for each line, whether it belongs to code."""
    code = bytearray(count + 1)
    for token in tokens:
        if token.type in {"fence", "code_block"} and token.map:
            begin, end = token.map
            code[begin:end] = b"\x01" * (min(end, count) - begin)
    return code


def _too_much(file: str, line: int, message: str) -> Diagnostic:
    return Diagnostic(
        code=TOO_MUCH_MARKDOWN,
        span=Span(file, line, 1),
        message=message,
        help="Split the file, or nest less deeply.",
    )
