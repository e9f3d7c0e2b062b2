"""YAML text to located nodes, with everything refused that a spec has no use for.

The parser's events are composed without recursion and counted as they come: at the depth limit the
parser is stopped before it looks further, so that no nesting in the text can exhaust a stack.
"""

from dataclasses import dataclass
from typing import Any, Final

import yaml

from tospec.diagnostics import Diagnostic
from tospec.source import Span
from tospec.syntax.nodes import Node, Scalar, Value
from tospec.syntax.read_codes import (
    ALIAS,
    ANCHOR,
    DUPLICATE_KEY,
    ESCAPED_CHARACTER,
    KEY_NOT_TEXT,
    MERGE_KEY,
    SEVERAL_DOCUMENTS,
    TAG,
    TOO_DEEP,
    TOO_MANY_PROBLEMS,
    TOO_MANY_VALUES,
)
from tospec.syntax.read_text import clip, forbidden_characters, forbidden_in_value
from tospec.syntax.yaml_errors import directive_error, syntax_error
from tospec.syntax.yaml_frames import Frame, is_absent
from tospec.syntax.yaml_places import Extent, Fragment, verbatim
from tospec.syntax.yaml_scalars import Trap, resolve

MAX_DEPTH: Final = 40
MAX_PROBLEMS: Final = 50
MAX_EVENTS: Final = 400_000

# libyaml is an order of magnitude faster and reports the same events at the same places.
LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Composed:
    """What a piece of YAML holds.

    Attributes:
        root: The one value; None when there is none or the text could not be read to its end.
        diagnostics: Errors in source order. With errors beside a root, the root leaves out or
            guesses what they are about.
    """

    root: Node | None
    diagnostics: tuple[Diagnostic, ...]


def compose(fragment: Fragment, *, loader: Any = LOADER) -> Composed:
    """Return the nodes of one YAML document.

    Args:
        fragment: The text and its place.
        loader: PyYAML loader class whose parser is used.
    """
    unreadable = forbidden_characters(fragment.file, fragment.text, fragment.first_line)
    if unreadable:
        return Composed(None, unreadable)
    composer = _Composer(fragment)
    directive = directive_error(fragment, composer.lines)
    if directive:
        return Composed(None, (directive,))
    root = composer.run(loader)
    return Composed(root, tuple(composer.problems))


# The two parsers have mark types of their own; every event of a parser carries them.
type _Mark = Any


class _StoppedError(Exception):
    """The text is not worth reading further; the reason is among the problems."""


class _Composer:
    """Turns the events of one document into nodes."""

    def __init__(self, fragment: Fragment) -> None:
        self.fragment = fragment
        self.lines = fragment.text.split("\n")
        self.problems: list[Diagnostic] = []
        self._frames: list[Frame] = []
        self._root: Node | None = None
        self._documents = 0

    def run(self, loader: Any) -> Node | None:
        """Compose all events; None when there is no value or the reading was stopped."""
        try:
            for number, event in enumerate(yaml.parse(self.fragment.text, Loader=loader)):
                self._bound(number, event)
                self._take(event)
        except _StoppedError:
            return None
        except yaml.YAMLError as error:
            self.problems.append(syntax_error(error, self.fragment, self.lines))
            return None
        return self._root

    def _bound(self, number: int, event: yaml.Event) -> None:
        if number >= MAX_EVENTS:
            message = "This block holds more values than any spec needs."
            span = self._span(event.start_mark)
            self._problem(TOO_MANY_VALUES, span, message, "Split it into several blocks.")
            raise _StoppedError

    def _take(self, event: yaml.Event) -> None:
        match event:
            case yaml.ScalarEvent():
                self._properties(event)
                self._place(self._scalar(event))
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._properties(event)
                self._open(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close(event)
            case yaml.AliasEvent():
                self._place(self._alias(event))
            case yaml.DocumentStartEvent():
                self._document(event)

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            help_ = "Write one document per block or file."
            message = "A second YAML document begins here."
            self._problem(SEVERAL_DOCUMENTS, self._span(event.start_mark, 3), message, help_)
            raise _StoppedError

    def _properties(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            help_ = "Leave the anchor out, and write the value where it is used."
            message = "YAML anchors are not part of the language."
            self._problem(ANCHOR, self._span(event.start_mark), message, help_)
        if getattr(event, "tag", None) is not None:
            message = "YAML tags are not part of the language."
            span = self._span(event.start_mark)
            self._problem(TAG, span, message, "Leave the tag out, or write text in quotes.")

    def _alias(self, event: yaml.AliasEvent) -> Scalar:
        span = self._span(event.start_mark, len(event.anchor or "") + 1)
        message = "YAML aliases are not part of the language."
        self._problem(ALIAS, span, message, "Write the value out, or text with '*' in quotes.")
        return Scalar(None, "", span, quoted=False)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        mark = event.start_mark
        extent = Extent(*_position(mark), *_position(event.end_mark))
        quoted = bool(event.style)
        span = self._span(mark, self._length(extent))
        value = self._value(event, span)
        starts = verbatim(self.fragment, self.lines, extent, event.value, quoted=quoted)
        return Scalar(value, event.value, span, quoted, starts)

    def _value(self, event: yaml.ScalarEvent, span: Span) -> Value:
        text: str = event.value
        if event.style:
            self._check_escapes(event, span)
            return text
        resolved = resolve(text)
        if isinstance(resolved, Trap):
            self._problem(resolved.code, span, resolved.message, resolved.help)
            return text
        return resolved

    def _check_escapes(self, event: yaml.ScalarEvent, span: Span) -> None:
        found = forbidden_in_value(event.value) if event.style == '"' else ""
        if found:
            message = f"This text holds the character U+{ord(found):04X}, spelled as an escape."
            self._problem(ESCAPED_CHARACTER, span, message, "Leave the character out.")

    def _length(self, extent: Extent) -> int:
        """Return how many code points of a scalar stand on its first line."""
        if extent.one_line:
            return extent.end_column - extent.column
        return len(self.lines[extent.line].rstrip()) - extent.column

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        mark = event.start_mark
        if len(self._frames) >= MAX_DEPTH:
            message = f"Lists and mappings are nested more than {MAX_DEPTH} deep here."
            self._problem(TOO_DEEP, self._span(mark), message, "Nest less deeply.")
            raise _StoppedError
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        frame = Frame(is_mapping, bool(event.flow_style), *_position(mark), self._span(mark))
        self._frames.append(frame)

    def _close(self, event: yaml.CollectionEndEvent) -> None:
        frame = self._frames.pop()
        self._place(frame.node(_position(event.end_mark)))

    def _place(self, node: Node) -> None:
        if not self._frames:
            self._root = None if is_absent(node) else node
            return
        frame = self._frames[-1]
        if frame.expects_key:
            self._key(frame, node)
        else:
            frame.add(node)

    def _key(self, frame: Frame, node: Node) -> None:
        key = node if isinstance(node, Scalar) and isinstance(node.value, str) else None
        if key is None:
            self._key_not_text(node)
        elif key.text == "<<" and not key.quoted:
            message = "YAML merge keys are not part of the language."
            self._problem(MERGE_KEY, key.span, message, "Write the merged keys out.")
            key = None
        elif key.text in frame.seen:
            self._duplicate(key, frame.seen[key.text])
            key = None
        frame.begin_entry(key)

    def _key_not_text(self, node: Node) -> None:
        message, help_ = "A key must be text.", "Write a plain name."
        if isinstance(node, Scalar) and node.text:
            message = f"The key {clip(node.text)} is not text but a value."
            help_ = f"Write the key in quotes: '{clip(node.text)}'."
        self._problem(KEY_NOT_TEXT, node.span, message, help_)

    def _duplicate(self, key: Scalar, first: Span) -> None:
        self._problem(
            DUPLICATE_KEY,
            key.span,
            f"The key '{clip(key.text)}' stands twice in this mapping.",
            "Keep one of the two.",
            related=((first, "It stands here first."),),
        )

    def _span(self, mark: _Mark, length: int = 1) -> Span:
        return self.fragment.span(*_position(mark), length)

    def _problem(
        self,
        code: str,
        span: Span,
        message: str,
        help_: str,
        related: tuple[tuple[Span, str], ...] = (),
    ) -> None:
        self.problems.append(
            Diagnostic(code=code, span=span, message=message, help=help_, related=related)
        )
        if len(self.problems) >= MAX_PROBLEMS:
            self.problems.append(_too_many(span))
            raise _StoppedError


def _too_many(span: Span) -> Diagnostic:
    message = f"Reading of this block stopped after {MAX_PROBLEMS} errors."
    return Diagnostic(
        code=TOO_MANY_PROBLEMS, span=span, message=message, help="Correct those first."
    )


def _position(mark: _Mark) -> tuple[int, int]:
    return mark.line, mark.column
