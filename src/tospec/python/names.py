"""Names that may stand in generated Python."""

import builtins
import keyword
import re
from typing import Final

from tospec.python.code import Code
from tospec.python.naming import constant_case, pascal

_SHAPE: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_BUILTINS: Final = frozenset(name for name in dir(builtins) if not name.startswith("_"))
_TYPES: Final = frozenset(
    {
        "bool",
        "bytearray",
        "bytes",
        "classmethod",
        "complex",
        "date",
        "datetime",
        "dict",
        "float",
        "frozenset",
        "int",
        "list",
        "memoryview",
        "object",
        "property",
        "range",
        "set",
        "slice",
        "staticmethod",
        "str",
        "super",
        "time",
        "timedelta",
        "tuple",
    }
)
_PYDANTIC: Final = frozenset(
    {
        "construct",
        "copy",
        "dict",
        "fields",
        "from_orm",
        "json",
        "parse_file",
        "parse_obj",
        "parse_raw",
        "schema",
        "schema_json",
        "update_forward_refs",
        "validate",
        "model_computed_fields",
        "model_config",
        "model_construct",
        "model_copy",
        "model_extra",
        "model_fields",
        "model_fields_set",
        "model_json_schema",
        "model_parametrized_name",
        "model_post_init",
        "model_rebuild",
    }
)
_PYDANTIC_PREFIXES: Final = ("model_dump", "model_validate")
_SQLALCHEMY: Final = frozenset({"metadata", "registry"})
_SELF: Final = frozenset({"cls", "self"})
_LONGEST: Final = 63


class InvalidNameError(ValueError):
    """A text cannot be the name that it was asked to be."""


def identifier(text: str) -> Code:
    """Return a name for a module, function, parameter or variable.

    Raises:
        InvalidNameError: If `name_problem` has something to say about it.
    """
    return _accepted(text, name_problem(text))


def attribute(text: str) -> Code:
    """Return a name for a field or column: one that stands in a class body or behind a dot.

    Raises:
        InvalidNameError: If `attribute_problem` has something to say about it.
    """
    return _accepted(text, attribute_problem(text))


def class_name(text: str) -> Code:
    """Return the Pascal-case form of a snake-case name.

    Raises:
        InvalidNameError: If the text is no name, or the form is a keyword or a builtin.
    """
    return _formed(text, pascal(text))


def constant(text: str) -> Code:
    """Return the upper-case form of a snake-case name.

    Raises:
        InvalidNameError: If the text is no name.
    """
    return _formed(text, constant_case(text))


def name_problem(text: str) -> str:
    """Return why the text cannot be an identifier, or an empty string."""
    if problem := attribute_problem(text):
        return problem
    if text in keyword.softkwlist or text in _BUILTINS or text in _SELF:
        return f"'{text}' has a meaning in Python."
    return ""


def attribute_problem(text: str) -> str:
    """Return why the text cannot be an attribute, or an empty string."""
    if problem := _shape_problem(text):
        return problem
    if keyword.iskeyword(text):
        return f"'{text}' is a keyword of Python."
    if text in _TYPES:
        return f"'{text}' is the name of a type in Python."
    if text in _PYDANTIC or text.startswith(_PYDANTIC_PREFIXES):
        return f"'{text}' is reserved by pydantic."
    return f"'{text}' is reserved by SQLAlchemy." if text in _SQLALCHEMY else ""


def _shape_problem(text: str) -> str:
    if not text:
        return "A name cannot be empty."
    if len(text) > _LONGEST:
        return f"A name has at most {_LONGEST} characters; this one has {len(text)}."
    if _SHAPE.fullmatch(text):
        return ""
    rule = "A name starts with a lower-case letter a-z and goes on with a-z, 0-9 and _"
    return f"{rule}; {text!a} does not."


def _formed(text: str, form: str) -> Code:
    problem = _shape_problem(text)
    if not problem and (keyword.iskeyword(form) or form in _BUILTINS):
        problem = f"'{form}' has a meaning in Python."
    return _accepted(form, problem)


def _accepted(text: str, problem: str) -> Code:
    if problem:
        raise InvalidNameError(problem)
    return Code(text)
