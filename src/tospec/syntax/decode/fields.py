"""Fields of entities, of inputs and of settings."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from tospec.model import Field, FieldType, Generated
from tospec.syntax import codes
from tospec.syntax.decode.constants import INT64, ConstantError, constant
from tospec.syntax.keys import Keys, Word
from tospec.syntax.names import check_member_name
from tospec.syntax.nodes import Scalar
from tospec.syntax.problems import Problems

_TEXTS: Final = frozenset(
    {FieldType.STRING, FieldType.TEXT, FieldType.SLUG, FieldType.URL, FieldType.EMAIL}
)
_NUMBERS: Final = frozenset({FieldType.INT, FieldType.DECIMAL})
_FITS: Final = {
    "length": _TEXTS,
    "pattern": frozenset({FieldType.STRING, FieldType.TEXT}),
    "range": _NUMBERS,
    "digits": frozenset({FieldType.DECIMAL}),
    "unit": _NUMBERS,
    "values": frozenset({FieldType.ENUM}),
    "generated": frozenset({FieldType.INT}),
}


def decode_fields(keys: Keys, key: str, what: str, problems: Problems) -> tuple[Field, ...]:
    """Return the fields under `key`, each with its own faults reported."""
    fields = []
    for name, spec in keys.named(key):
        check_member_name(name.text, what, name.span, problems)
        fields.append(decode_field(name, spec, problems))
    return tuple(fields)


def decode_field(name: Word, keys: Keys, problems: Problems) -> Field:
    """Return a field; report constraints that contradict its type or one another."""
    kind = _type(keys)
    field = Field(
        name=name.text,
        type=kind,
        span=name.span,
        optional=keys.flag("optional"),
        length=keys.whole_pair("length"),
        range=_range(keys),
        digits=keys.whole_pair("digits"),
        pattern=keys.text("pattern") or None,
        values=tuple(word.text for word in keys.words("values")),
        unit=keys.text("unit"),
        immutable=keys.flag("immutable"),
        managed=keys.flag("managed"),
        generated=Generated.SEQUENCE if keys.text("generated") == Generated.SEQUENCE else None,
        per=keys.text("per") or None,
        secret=keys.flag("secret"),
        description=keys.text("description"),
    )
    if keys.text("type") in FieldType:
        _check_keys(field, keys, problems)
        _check_bounds(field, keys, problems)
        field = _with_default(field, keys, problems)
        _check_origin(field, keys, problems)
    return field


def _type(keys: Keys) -> FieldType:
    text = keys.text("type")
    return FieldType(text) if text in FieldType else FieldType.STRING


def _range(keys: Keys) -> tuple[Decimal | None, Decimal | None] | None:
    found = keys.pair("range")
    return (_bound(found[0]), _bound(found[1])) if found else None


def _bound(scalar: Scalar) -> Decimal | None:
    value = scalar.value
    return Decimal(value) if type(value) is int or type(value) is Decimal else None


def _check_keys(field: Field, keys: Keys, problems: Problems) -> None:
    for key, types in _FITS.items():
        if key in keys and field.type not in types:
            message = f"'{key}' says nothing about a field of type {field.type}."
            fits = ", ".join(sorted(types))
            problems.add(codes.MISPLACED_KEY, keys.key_place(key), message, f"It fits {fits}.")
    if field.type is FieldType.ENUM and "values" not in keys:
        message = f"The enum '{field.name}' has no 'values'."
        problems.add(codes.MISSING_KEY, field.span, message, "values: [one, another]")
    if "per" in keys and "generated" not in keys:
        message = "'per' belongs to a sequence."
        problems.add(codes.MISPLACED_KEY, keys.key_place("per"), message, "generated: sequence")


def _check_bounds(field: Field, keys: Keys, problems: Problems) -> None:
    least, most = field.range or (None, None)
    if least is not None and most is not None and least > most:
        _wrong_bounds("range", keys, problems)
    if field.length and field.length[0] > field.length[1]:
        _wrong_bounds("length", keys, problems)
    if field.length == (0, 0):
        message = "A text that is always empty says nothing."
        problems.add(codes.BAD_RANGE, keys.place("length"), message)
    if field.digits and not max(field.digits[1], 1) <= field.digits[0]:
        message = "There cannot be more digits after the point than digits in all."
        problems.add(
            codes.BAD_RANGE, keys.place("digits"), message, "Write, for instance, [12, 2]."
        )
    if field.type is FieldType.INT:
        _check_whole_bounds((least, most), keys, problems)


def _wrong_bounds(key: str, keys: Keys, problems: Problems) -> None:
    message = "The least is greater than the greatest."
    problems.add(codes.BAD_RANGE, keys.place(key), message, f"{key}: [least, greatest]")


def _check_whole_bounds(
    bounds: tuple[Decimal | None, Decimal | None], keys: Keys, problems: Problems
) -> None:
    for bound in bounds:
        fits = bound is None or (
            bound == bound.to_integral_value() and INT64[0] <= bound <= INT64[1]
        )
        if not fits:
            message = "The bounds of an int are whole numbers of at most 64 bits."
            problems.add(codes.BAD_RANGE, keys.place("range"), message)


def _with_default(field: Field, keys: Keys, problems: Problems) -> Field:
    scalar = keys.scalar("default")
    if scalar is None:
        return field
    try:
        return replace(field, default=constant(field, scalar), has_default=True)
    except ConstantError as error:
        problems.add(codes.BAD_DEFAULT, scalar.span, f"This cannot be the default. {error}")
        return field


def _check_origin(field: Field, keys: Keys, problems: Problems) -> None:
    """Report a field that several things fill, or that nothing can fill."""
    if field.generated:
        for key in ("default", "optional", "managed", "immutable"):
            if key in keys:
                message = f"'{key}' contradicts 'generated': the sequence alone fills the field."
                problems.add(codes.MISPLACED_KEY, keys.key_place(key), message, "Leave it out.")
    elif field.managed and not field.optional and "default" not in keys:
        message = f"Nothing gives '{field.name}' its first value: clients may not write it."
        problems.add(
            codes.MISPLACED_KEY, field.span, message, "Give it a default, or optional: true."
        )
    if field.managed and field.immutable:
        message = "'managed' says that commands change it, 'immutable' that nothing does."
        problems.add(codes.MISPLACED_KEY, keys.key_place("immutable"), message, "Choose one.")
