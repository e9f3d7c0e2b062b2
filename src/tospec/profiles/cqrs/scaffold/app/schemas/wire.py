"""Views as JSON, by structs that are laid out once for each view.

A view is declared as a model of pydantic, for the documents and for whoever checks an answer.
To write one, none is built: the values of an entity are known to fit, and go straight from its
attributes to the encoder, which writes the bytes that pydantic would.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date
from enum import StrEnum
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, NewType, Union, cast, get_args, get_origin
from uuid import UUID

from msgspec import Raw, Struct, defstruct
from msgspec.json import Encoder
from pydantic import BaseModel, PlainSerializer
from pydantic.fields import FieldInfo
from pydantic_core import to_json

from app.schemas.fields import instant_text

type Wire = Struct | BaseModel
"""A view, ready to be written."""
type Form = Callable[[Any], Any]

_SAME: Final = (UUID, str, int, bool, date, NoneType)
"""Types that the encoder writes as pydantic does; its whole numbers have 64 bits, as in tables."""
_UNLIKE: Final = (dict, Any)
"""Types that it writes otherwise, or not in every case."""


class Layout:
    """Where the members of a view come from, and how they are written."""

    __slots__ = ("_forms", "_instants", "_struct", "_values")

    def __init__(self, view: type[BaseModel], forms: Sequence[Form]) -> None:
        fields = view.model_fields
        self._values = _reader([_source(name, field) for name, field in fields.items()])
        # Most members are written as they are, and to call something for each instant takes time.
        self._instants = tuple(place for place, form in enumerate(forms) if form is instant_text)
        self._forms = tuple(
            (place, form)
            for place, form in enumerate(forms)
            if form is not _as_it_is and form is not instant_text
        )
        self._struct = defstruct(view.__name__, [(name, Any) for name in fields], gc=False)

    def __call__(self, entity: object) -> Struct:
        """Return the view of `entity`."""
        values = [*self._values(entity)]
        for place in self._instants:
            value = values[place]
            # The encoder writes an instant as we do, unless it has no fraction of a second.
            if value is not None and not (value.microsecond and value.tzinfo is UTC):
                values[place] = instant_text(value)
        for place, form in self._forms:
            if values[place] is not None:
                values[place] = form(values[place])
        return self._struct(*values)


@cache
def layout_of(view: type[BaseModel]) -> Layout | None:
    """Return the layout of `view`.

    None if pydantic has to build it: a member may be left out, or is a view itself.
    """
    fields = view.model_fields.values()
    forms = [_form(field.annotation, field.metadata) for field in fields if field.is_required()]
    known = [form for form in forms if form is not None]
    return Layout(view, known) if len(known) == len(fields) else None


def encode(content: object) -> bytes:
    """Return the JSON of views, texts, whole numbers, and of lists and mappings of them."""
    return _ENCODER.encode(content)


def _reader(sources: Sequence[str]) -> Callable[[object], tuple[Any, ...]]:
    """Return what reads the attributes `sources`."""
    read = attrgetter(*sources)
    return read if len(sources) > 1 else lambda entity: (read(entity),)


def _source(name: str, field: FieldInfo) -> str:
    alias = field.validation_alias
    return alias if isinstance(alias, str) else name


def _form(kind: Any, told: Sequence[Any] = ()) -> Form | None:
    """Return how values of `kind` are written, of which `told` is told; None if nobody knows."""
    for each in told:
        if isinstance(each, PlainSerializer):
            return cast("Form", each.func)
    if get_origin(kind) is Annotated:
        inner, *more = get_args(kind)
        return _form(inner, more)
    options = [option for option in _options(kind) if option is not NoneType]
    if len(options) == 1 and options[0] is not kind:
        return _form(options[0])
    if all(map(_is_same, options)):
        return _as_it_is
    if kind is float:
        return _float
    return _by_pydantic if kind in _UNLIKE or get_origin(kind) is dict else None


def _options(kind: Any) -> Sequence[Any]:
    return get_args(kind) if get_origin(kind) in {Union, UnionType} else (kind,)


def _is_same(kind: Any) -> bool:
    if isinstance(kind, NewType):
        return _is_same(kind.__supertype__)
    if get_origin(kind) in {tuple, list}:
        return all(each is ... or _is_same(each) for each in get_args(kind))
    is_text = isinstance(kind, type) and issubclass(kind, StrEnum)
    return is_text or kind in _SAME or get_origin(kind) is Literal


def _as_it_is(value: Any) -> Any:
    return value


def _float(value: Any) -> Raw:
    return _by_pydantic(float(value))


def _by_pydantic(value: Any) -> Raw:
    return Raw(to_json(value, inf_nan_mode="null"))


def _view_of_pydantic(value: Any) -> Raw:
    if not isinstance(value, BaseModel):
        raise TypeError(type(value))
    return Raw(value.__pydantic_serializer__.to_json(value))


_ENCODER: Final = Encoder(enc_hook=_view_of_pydantic)
