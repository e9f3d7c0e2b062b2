"""Faults of the input, told without repeating any of it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel
from pydantic import ValidationError as SchemaError

from app.core.errors import FieldError, ValidationError

_TEXTS: Final[Mapping[str, str]] = {
    "missing": "Is required.",
    "string_type": "Must be a text.",
    "string_too_short": "Must have at least {min_length} characters.",
    "string_too_long": "Must have at most {max_length} characters.",
    "string_pattern_mismatch": "Does not have the required form.",
    "string_unicode": "Must be a text.",
    "int_type": "Must be a whole number.",
    "int_from_float": "Must be a whole number.",
    "int_parsing": "Must be a whole number.",
    "int_parsing_size": "Is out of range.",
    "float_type": "Must be a number.",
    "finite_number": "Must be a finite number.",
    "bool_type": "Must be true or false.",
    "enum": "Must be one of: {expected}.",
    "literal_error": "Must be one of: {expected}.",
    "greater_than": "Must be greater than {gt}.",
    "greater_than_equal": "Must be at least {ge}.",
    "less_than": "Must be less than {lt}.",
    "less_than_equal": "Must be at most {le}.",
    "multiple_of": "Must be a multiple of {multiple_of}.",
    "decimal_max_digits": "Must have at most {max_digits} digits.",
    "decimal_max_places": "Must have at most {decimal_places} digits after the point.",
    "decimal_whole_digits": "Must have at most {whole_digits} digits before the point.",
    "too_short": "Must have at least {min_length} items.",
    "too_long": "Must have at most {max_length} items.",
    "list_type": "Must be a list.",
    "tuple_type": "Must be a list.",
    "dict_type": "Must be an object.",
    "model_type": "Must be an object.",
    "model_attributes_type": "Must be an object.",
    "uuid_type": "Must be a UUID.",
    "uuid_parsing": "Must be a UUID.",
    "date_type": "Must be a date.",
    "date_from_datetime_inexact": "Must be a date.",
    "date_from_datetime_parsing": "Must be a date.",
    "date_parsing": "Must be a date.",
    "datetime_type": "Must be a date and time.",
    "datetime_parsing": "Must be a date and time.",
    "datetime_from_date_parsing": "Must be a date and time.",
    "none_required": "Must be null.",
    # The grammar was checked before; what is left is a number of thousands of digits.
    "json_invalid": "A number is out of range.",
}
_OWN_TEXTS: Final = frozenset(
    {
        "uuid_form",
        "instant_form",
        "date_form",
        "integer_form",
        "boolean_form",
        "decimal_form",
        "duration_form",
        "url_form",
        "json_too_large",
        "not_distinct",
        "datetime_out_of_range",
    }
)
_FALLBACK: Final = "Is not valid."


def field_errors(
    error: SchemaError, model: type[Any], *, parameters: bool = False
) -> list[FieldError]:
    """Return the faults in `error`: no value, no name that the client made up.

    Args:
        error: What pydantic found.
        model: The type that was asked for.
        parameters: Whether the input was a query rather than a body.
    """
    faults = error.errors(include_url=False, include_input=False)
    known = _names(model)
    told = {_field_error(fault, known, parameters=parameters): None for fault in faults}
    return list(told)


def unknown_parameters(known: Iterable[str]) -> ValidationError:
    """Return the error for a query parameter outside of `known`."""
    return ValidationError([_unknown(sorted(known), parameters=True, pointer=None)])


def _field_error(fault: Any, known: frozenset[str], *, parameters: bool) -> FieldError:
    kind: str = fault["type"]
    location: tuple[int | str, ...] = fault["loc"]
    if kind == "extra_forbidden":
        names = sorted(known) if len(location) == 1 else []
        return _unknown(names, parameters=parameters, pointer=_pointer(location[:-1], known))
    detail = _detail(kind, fault)
    if parameters:
        return FieldError(parameter=str(location[0]), code=kind, detail=detail)
    return FieldError(pointer=_pointer(location, known), code=kind, detail=detail)


def _unknown(names: list[str], *, parameters: bool, pointer: str | None) -> FieldError:
    what = "parameter" if parameters else "member"
    detail = f"Unknown {what}." + (f" Known: {', '.join(names)}." if names else "")
    if parameters:
        return FieldError(parameter="?", code="unknown", detail=detail)
    return FieldError(pointer=pointer, code="unknown", detail=detail)


def _detail(kind: str, fault: Any) -> str:
    if kind in _OWN_TEXTS:
        return str(fault["msg"])
    try:
        return _TEXTS.get(kind, _FALLBACK).format_map(fault.get("ctx", {}))
    except (KeyError, ValueError):
        return _FALLBACK


def _pointer(location: tuple[int | str, ...], known: frozenset[str]) -> str:
    """Return the JSON pointer of `location` as far as its names are public ones."""
    parts: list[str] = []
    for part in location:
        if isinstance(part, str) and parts == [] and part not in known:
            break
        parts.append(str(part).replace("~", "~0").replace("/", "~1"))
    return "/".join(["#", *parts])


def _names(model: type[Any]) -> frozenset[str]:
    if isinstance(model, type) and issubclass(model, BaseModel):
        return frozenset(field.alias or name for name, field in model.model_fields.items())
    return frozenset()
