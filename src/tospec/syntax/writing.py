"""Plain data as YAML that reads back to the same data."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from tospec.syntax import nodes

LINE_LENGTH: Final = 100
_INDENT: Final = "  "
_LAST_OF_FOUR_DIGITS: Final = 0xFFFF
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*", re.ASCII)
_NOT_PLAIN: Final = frozenset({"true", "false", "null"})

type Data = str | int | Decimal | bool | Sequence["Data"] | Mapping[str, "Data"] | None


def data_of(node: nodes.Node) -> Data:
    """Return what a node holds."""
    match node:
        case nodes.Scalar():
            return node.value
        case nodes.Sequence():
            return [data_of(item) for item in node]
        case nodes.Mapping():
            return {key: data_of(value) for key, value in node.items()}


def yaml_text(data: Mapping[str, Data]) -> str:
    """Return a mapping as YAML, one line for each key where it fits."""
    return "\n".join(_mapping(data, "")) + "\n"


def _mapping(data: Mapping[str, Data], indent: str) -> Iterator[str]:
    for key, value in data.items():
        yield from _entry(f"{indent}{_scalar(key)}:", value, indent)


def _entry(start: str, value: Data, indent: str) -> Iterator[str]:
    flow = f"{start} {_flow(value)}"
    if len(flow) <= LINE_LENGTH or not _has_parts(value):
        yield flow
        return
    yield start
    deeper = indent + _INDENT
    if isinstance(value, Mapping):
        yield from _mapping(value, deeper)
    elif isinstance(value, Sequence):
        for item in value:
            yield from _item(item, deeper)


def _item(item: Data, indent: str) -> Iterator[str]:
    flow = f"{indent}- {_flow(item)}"
    if len(flow) <= LINE_LENGTH or not isinstance(item, Mapping) or not item:
        yield flow
        return
    first, *rest = _mapping(item, indent + _INDENT)
    yield f"{indent}- {first.removeprefix(indent + _INDENT)}"
    yield from rest


def _has_parts(value: Data) -> bool:
    return isinstance(value, Mapping | list | tuple) and len(value) > 0


def _flow(value: Data) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_scalar(key)}: {_flow(item)}" for key, item in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_flow(item) for item in value)}]"
    return _scalar(value)


def _scalar(value: Data) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    if _PLAIN.fullmatch(value) and value.lower() not in _NOT_PLAIN:
        return value
    return "".join(map(_visible, json.dumps(value, ensure_ascii=False)))


def _visible(character: str) -> str:
    """Return a character, or the escape of one that a spec may not hold as it is."""
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= _LAST_OF_FOUR_DIGITS else f"\\U{code:08x}"
