"""Whether nodes have the shapes that the grammar asks for."""

from decimal import Decimal
from functools import singledispatch

from tospec.source import Span
from tospec.syntax import codes
from tospec.syntax.nodes import Mapping, Node, Scalar, Sequence, describe
from tospec.syntax.notations import fault
from tospec.syntax.problems import Problems, shown, suggestion
from tospec.syntax.shapes import (
    Bound,
    Choice,
    Constant,
    Either,
    Flag,
    Formula,
    ListOf,
    MapOf,
    Pair,
    Record,
    Shape,
    Text,
    Variant,
    Whole,
)


@singledispatch
def check_shape(shape: Shape, node: Node, problems: Problems) -> None:
    """Report everything about `node` that does not fit `shape`."""
    raise NotImplementedError(type(shape), node, problems)


def check_record(node: Mapping, record: Record, problems: Problems) -> None:
    """Report unknown and missing keys of a mapping, and values that do not fit."""
    for key, value in node.entries:
        known = record.keys.get(key.text)
        if known:
            check_shape(known.shape, value, problems)
        elif record.rest:
            check_shape(record.rest, value, problems)
        else:
            _unknown_key(key, record, problems)
    for name, wanted in record.keys.items():
        if wanted.required and name not in node:
            message = f"The {record.name} has no '{name}'."
            problems.add(codes.MISSING_KEY, node.span, message, f"{name}: {wanted.doc}")


def _unknown_key(key: Scalar, record: Record, problems: Problems) -> None:
    help_ = suggestion(key.text, record.keys.keys()) or f"Known: {', '.join(record.keys)}."
    message = f"'{shown(key.text)}' is no key of {_article(record.name)}."
    problems.add(codes.UNKNOWN_KEY, key.span, message, help_)


def _article(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


@check_shape.register
def _text(shape: Text, node: Node, problems: Problems) -> None:
    if shape.open and isinstance(node, Scalar) and node.value is None:
        return
    text = plain_text(node, shape.means, problems)
    if text is None:
        return
    wrong = fault(text, shape.notation, shape.means)
    if wrong:
        problems.add(wrong[0], node.span, wrong[1], wrong[2])


def plain_text(node: Node, wanted: str, problems: Problems) -> str | None:
    """Return the text that `node` is; report what else it is."""
    if not isinstance(node, Scalar) or (node.value is None and not node.text):
        _wrong(node, wanted, problems)
        return None
    if not isinstance(node.value, str):
        value = str(node.value).lower() if isinstance(node.value, bool) else node.text
        help_ = f'YAML reads it as {describe(node)}. Write it in quotes: "{shown(value)}".'
        problems.add(codes.NOT_TEXT, node.span, f"This must be {wanted}.", help_)
        return None
    if not node.text.strip() and wanted != "text":
        _wrong(node, wanted, problems)
        return None
    return node.text


def _wrong(node: Node, wanted: str, problems: Problems, help_: str = "") -> None:
    message = f"This must be {wanted}, not {describe(node)}."
    problems.add(codes.WRONG_TYPE, node.span, message, help_)


@check_shape.register
def _choice(shape: Choice, node: Node, problems: Problems) -> None:
    text = plain_text(node, f"one of {', '.join(shape.values)}", problems)
    if text is not None and text not in shape.values:
        message = f"'{shown(text)}' is none of {', '.join(shape.values)}."
        problems.add(codes.UNKNOWN_CHOICE, node.span, message, suggestion(text, shape.values))


@check_shape.register
def _flag(_: Flag, node: Node, problems: Problems) -> None:
    if not isinstance(node, Scalar) or not isinstance(node.value, bool):
        help_ = "Write true or false, without quotes."
        _wrong(node, "true or false", problems, help_)


@check_shape.register
def _whole(shape: Whole, node: Node, problems: Problems) -> None:
    if not isinstance(node, Scalar) or type(node.value) is not int:
        _wrong(node, "a whole number", problems)
    elif not shape.least <= node.value <= shape.greatest:
        message = f"This must be between {shape.least} and {shape.greatest}."
        problems.add(codes.OUT_OF_BOUNDS, node.span, message)


@check_shape.register
def _bound(_: Bound, node: Node, problems: Problems) -> None:
    fits = isinstance(node, Scalar) and (
        type(node.value) in (int, Decimal) or (node.value is None and bool(node.text))
    )
    if not fits:
        _wrong(node, "a number, or null for no bound", problems)


@check_shape.register
def _constant(_: Constant, node: Node, problems: Problems) -> None:
    if not isinstance(node, Scalar):
        _wrong(node, "a single value", problems)


@check_shape.register
def _formula(_: Formula, node: Node, problems: Problems) -> None:
    if not isinstance(node, Scalar) or not node.text.strip():
        help_ = "Write it in quotes."
        _wrong(node, "an expression", problems, help_)


@check_shape.register
def _list(shape: ListOf, node: Node, problems: Problems) -> None:
    if not isinstance(node, Sequence):
        help_ = "Write it in brackets." if isinstance(node, Scalar) else ""
        _wrong(node, "a list", problems, help_)
        return
    for item in node:
        check_shape(shape.item, item, problems)
    if len(node) < shape.least:
        problems.add(codes.OUT_OF_BOUNDS, node.span, "This list must not be empty.")
    _repetitions(node, problems)


def _repetitions(node: Sequence, problems: Problems) -> None:
    first: dict[str, Span] = {}
    for item in node:
        if not isinstance(item, Scalar):
            continue
        if item.text in first:
            related = ((first[item.text], "It stands here first."),)
            message = f"'{shown(item.text)}' stands in the list twice."
            problems.add(codes.REPEATED, item.span, message, "Leave one out.", related)
        first.setdefault(item.text, item.span)


@check_shape.register
def _pair(shape: Pair, node: Node, problems: Problems) -> None:
    if not isinstance(node, Sequence) or len(node) != 2:
        _wrong_pair(node, problems)
        return
    for item in node:
        check_shape(shape.item, item, problems)


def _wrong_pair(node: Node, problems: Problems) -> None:
    what = f"{len(node)} things" if isinstance(node, Sequence) else describe(node)
    message = f"This must be a list of two, the least and the greatest, not {what}."
    problems.add(codes.WRONG_TYPE, node.span, message, "Write, for instance, [1, 255].")


@check_shape.register
def _map(shape: MapOf, node: Node, problems: Problems) -> None:
    if not isinstance(node, Mapping):
        _wrong(node, "a mapping", problems)
        return
    for key, value in node.entries:
        wrong = fault(key.text, shape.key.notation, shape.key.means)
        if wrong:
            problems.add(wrong[0], key.span, wrong[1], wrong[2])
        check_shape(shape.value, value, problems)
    if len(node) < shape.least:
        problems.add(codes.OUT_OF_BOUNDS, node.span, "This mapping must not be empty.")


@check_shape.register
def _either(shape: Either, node: Node, problems: Problems) -> None:
    chosen = shape.several if isinstance(node, Sequence) else shape.single
    check_shape(chosen, node, problems)


@check_shape.register
def _record(shape: Record, node: Node, problems: Problems) -> None:
    if isinstance(node, Mapping):
        check_record(node, shape, problems)
    else:
        _wrong(node, f"a mapping: {_article(shape.name)}", problems)


@check_shape.register
def _variant(shape: Variant, node: Node, problems: Problems) -> None:
    known = ", ".join(shape.records)
    if not isinstance(node, Mapping):
        _wrong(node, f"a mapping: {_article(shape.name)}", problems, f"Known: {known}.")
        return
    chosen = next((name for name in shape.records if name in node), None)
    if chosen:
        check_record(node, shape.records[chosen], problems)
        return
    first = node.keys()[0] if len(node) else ""
    message = f"This {shape.name} has none of the keys {known}."
    problems.add(codes.UNKNOWN_KEY, node.span, message, suggestion(first, shape.records))
