"""The grammar as a page for people."""

from functools import singledispatch
from typing import Final

from tospec.expression import CODES as EXPRESSION_CODES
from tospec.syntax import codes, read_codes
from tospec.syntax.conventions import NAMES
from tospec.syntax.grammar import KINDS
from tospec.syntax.shapes import (
    Bound,
    Choice,
    Constant,
    Either,
    Flag,
    Formula,
    Kind,
    ListOf,
    MapOf,
    Pair,
    Record,
    Shape,
    Text,
    Variant,
    Whole,
)

_INTRODUCTION: Final = """# The spec language

This page is generated from the grammar that the reader of specs uses; `docs/spec.schema.json`
says the same to editors.

A spec is a Markdown file, or a folder of them. Prose is for people. Headings that begin with an
id, such as `## REQ-012 A task moves along its lifecycle`, are requirements. Fenced blocks with
the info string `yaml tospec` say what the system is; each serves the requirement above it, and
those that its `requirements` list. A YAML file holds one block.

Blocks are YAML 1.2 without anchors, aliases, merges and tags. Unknown keys are errors. Values
that YAML takes for something else are written in quotes: `version: "1.10"`, `"task:read"`.
Durations are `15m`, `1h30m`, `7d`, times of answers `50ms`, `2s`. Names of entities, views,
operations and events are `PascalCase`, of fields, relations, roles and states `snake_case`, of
error cases and settings `CAPITALS`.

Expressions are a small part of CEL. Members of the row that an expression is about are named
bare, or behind the row's own name: `archived` and `project.archived` are the same in a
`Project`. Beside them there are `principal` (`id`, `role`, `has('task:read')`), `settings` and,
where there is one, `input`.
"""


def reference_page() -> str:
    """Return the reference page as Markdown."""
    sections = [_INTRODUCTION, *(_section(kind) for kind in KINDS.values())]
    return "\n".join([*sections, _conventions(), _codes()])


def _section(kind: Kind) -> str:
    once = " A spec has at most one." if kind.single else ""
    lines = [f"## `{kind.word}`", "", f"{kind.doc}{once}", "", *_table(kind.record), ""]
    for record in _records(kind.record):
        lines += [f"### {record.name}", "", *_table(record), ""]
    return "\n".join([*lines, "```yaml", kind.example, "```", ""])


def _table(record: Record) -> list[str]:
    rows = ["| key | value | meaning |", "| --- | --- | --- |"]
    for name, key in record.keys.items():
        needed = ", required" if key.required else ""
        default = f" Left out: {key.default}." if key.default else ""
        rows.append(f"| `{name}` | {value_of(key.shape)}{needed} | {key.doc}{default} |")
    if record.rest:
        rows.append(f"| other keys | {value_of(record.rest)} | Fields and relations of the row. |")
    return rows


def _records(record: Record) -> list[Record]:
    """Return the records that stand somewhere inside a record, each once, in order."""
    found: dict[str, Record] = {}
    waiting = [key.shape for key in record.keys.values()]
    while waiting:
        shape = waiting.pop(0)
        if isinstance(shape, Record) and shape.name not in found:
            found[shape.name] = shape
            waiting += [key.shape for key in shape.keys.values()]
        waiting += _inner(shape)
    return list(found.values())


def _inner(shape: Shape) -> list[Shape]:
    match shape:
        case ListOf() | Pair():
            return [shape.item]
        case MapOf():
            return [shape.value]
        case Either():
            return [shape.single, shape.several]
        case Variant():
            return list(shape.records.values())
        case _:
            return []


@singledispatch
def value_of(shape: Shape) -> str:
    """Return what may stand in a place, in words."""
    raise NotImplementedError(type(shape))


@value_of.register
def _text(shape: Text) -> str:
    return f"{shape.means}, or nothing" if shape.open else shape.means


@value_of.register
def _choice(shape: Choice) -> str:
    return ", ".join(f"`{value}`" for value in shape.values)


@value_of.register
def _flag(_: Flag) -> str:
    return "`true` or `false`"


@value_of.register
def _whole(shape: Whole) -> str:
    return f"whole number, {shape.least} to {shape.greatest}"


@value_of.register
def _bound(_: Bound) -> str:
    return "number or `null`"


@value_of.register
def _constant(_: Constant) -> str:
    return "single value"


@value_of.register
def _formula(shape: Formula) -> str:
    return f"expression: {shape.gives}"


@value_of.register
def _list(shape: ListOf) -> str:
    return f"list: {value_of(shape.item)}"


@value_of.register
def _pair(shape: Pair) -> str:
    return f"`[least, greatest]`: {value_of(shape.item)}"


@value_of.register
def _map(shape: MapOf) -> str:
    return f"mapping from {shape.key.means} to: {value_of(shape.value)}"


@value_of.register
def _either(shape: Either) -> str:
    return f"{value_of(shape.single)}, or {value_of(shape.several)}"


@value_of.register
def _record(shape: Record) -> str:
    return shape.name


@value_of.register
def _variant(shape: Variant) -> str:
    return " or ".join(record.name for record in shape.records.values())


def _conventions() -> str:
    rows = [f"| `{name}` | {meaning} |" for name, meaning in NAMES.items()]
    return "\n".join(["## Conventions", "", "| name | decides |", "| --- | --- |", *rows, ""])


def _codes() -> str:
    known = {**read_codes.MEANINGS, **codes.MEANINGS, **EXPRESSION_CODES}
    rows = [f"| `{code}` | {known[code]} |" for code in sorted(known)]
    return "\n".join(["## Errors", "", "| code | meaning |", "| --- | --- |", *rows, ""])
