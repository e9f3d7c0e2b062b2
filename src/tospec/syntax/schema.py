"""The grammar as JSON Schema, by which editors complete and check blocks."""

import json
from functools import singledispatch
from typing import Final

from tospec.syntax.grammar import KINDS
from tospec.syntax.notations import LONGEST_PATTERN, regular_expression
from tospec.syntax.shapes import (
    Bound,
    Choice,
    Constant,
    Either,
    Flag,
    Formula,
    Key,
    Kind,
    ListOf,
    MapOf,
    Notation,
    Pair,
    Record,
    Shape,
    Text,
    Variant,
    Whole,
)

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

type Schema = dict[str, object]


def json_schema() -> Schema:
    """Return the schema of one block."""
    return {
        "$schema": DIALECT,
        "title": "A block of a tospec spec",
        "description": "What stands in a fenced block `yaml tospec`, or in a YAML file.",
        "oneOf": [{"$ref": f"#/$defs/{word}"} for word in KINDS],
        "$defs": {word: _kind(kind) for word, kind in KINDS.items()},
    }


def json_schema_text() -> str:
    """Return the schema as the text of a file."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _kind(kind: Kind) -> Schema:
    return {"description": kind.doc, **schema_of(kind.record)}


@singledispatch
def schema_of(shape: Shape) -> Schema:
    """Return the schema of a shape."""
    raise NotImplementedError(type(shape))


@schema_of.register
def _text(shape: Text) -> Schema:
    types: object = ["string", "null"] if shape.open else "string"
    if shape.notation is Notation.PATTERN:
        return {"type": types, "maxLength": LONGEST_PATTERN, "format": "regex"}
    expression = regular_expression(shape.notation)
    return {"type": types, **({"pattern": f"^(?:{expression})$"} if expression else {})}


@schema_of.register
def _choice(shape: Choice) -> Schema:
    return {"enum": [str(value) for value in shape.values]}


@schema_of.register
def _flag(_: Flag) -> Schema:
    return {"type": "boolean"}


@schema_of.register
def _whole(shape: Whole) -> Schema:
    return {"type": "integer", "minimum": shape.least, "maximum": shape.greatest}


@schema_of.register
def _bound(_: Bound) -> Schema:
    return {"type": ["number", "null"]}


@schema_of.register
def _constant(_: Constant) -> Schema:
    return {"type": ["string", "number", "boolean", "null"]}


@schema_of.register
def _formula(shape: Formula) -> Schema:
    types = ["string", "number", "boolean", "null"]
    return {"type": types, "description": f"An expression that gives {shape.gives}."}


@schema_of.register
def _list(shape: ListOf) -> Schema:
    least = {"minItems": shape.least} if shape.least else {}
    return {"type": "array", "items": schema_of(shape.item), **least}


@schema_of.register
def _pair(shape: Pair) -> Schema:
    return {"type": "array", "items": schema_of(shape.item), "minItems": 2, "maxItems": 2}


@schema_of.register
def _map(shape: MapOf) -> Schema:
    least = {"minProperties": shape.least} if shape.least else {}
    return {
        "type": "object",
        "propertyNames": schema_of(shape.key),
        "additionalProperties": schema_of(shape.value),
        **least,
    }


@schema_of.register
def _either(shape: Either) -> Schema:
    return {"anyOf": [schema_of(shape.single), schema_of(shape.several)]}


@schema_of.register
def _record(shape: Record) -> Schema:
    required = [name for name, key in shape.keys.items() if key.required]
    return {
        "type": "object",
        "properties": {name: _key(key) for name, key in shape.keys.items()},
        "additionalProperties": schema_of(shape.rest) if shape.rest else False,
        **({"required": required} if required else {}),
    }


@schema_of.register
def _variant(shape: Variant) -> Schema:
    return {"oneOf": [schema_of(record) for record in shape.records.values()]}


def _key(key: Key) -> Schema:
    default = f" When it is left out: {key.default}." if key.default else ""
    return {**schema_of(key.shape), "description": key.doc + default}
