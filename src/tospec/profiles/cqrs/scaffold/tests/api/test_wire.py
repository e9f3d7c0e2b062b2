"""Views are written as pydantic would write them, whatever values they have."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from types import SimpleNamespace
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pydantic import Field

from app.core.ids import UserId
from app.schemas.base import View
from app.schemas.fields import (
    INT64_END,
    INT64_MIN,
    MAX_DURATION,
    Date,
    DecimalText,
    Duration,
    Instant,
    Int64,
    JsonObject,
)
from app.schemas.wire import encode, layout_of


class Colour(StrEnum):
    RED = "red"
    ODD = 'o"dd\u2028'


class Everything(View):
    id: UUID
    owner_id: UserId
    text: str
    note: str | None
    number: Int64
    count: int | None
    flag: bool
    ratio: float | None
    colour: Colour
    kind: Literal["a", "b"]
    day: Date
    maybe_day: Date | None
    at: Instant
    maybe_at: Instant | None
    length: Duration
    maybe_length: Duration | None
    price: DecimalText
    maybe_price: Annotated[DecimalText, Field(max_digits=30)] | None
    ids: tuple[UUID, ...]
    colours: list[Colour]
    extra: JsonObject
    maybe_extra: dict[str, Any] | None
    request_id: Annotated[str | None, Field(validation_alias="correlation_id")]


class One(View):
    name: str


class Short(View):
    name: str
    rest: str = "as ever"


class Nested(View):
    one: One


WHOLE = st.integers(INT64_MIN, INT64_END - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
ZONES = st.one_of(
    st.just(UTC), st.timedeltas(-timedelta(hours=14), timedelta(hours=14)).map(timezone)
)
INSTANTS = st.builds(
    lambda moment, whole: moment.replace(microsecond=0) if whole else moment,
    st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=ZONES),  # noqa: DTZ001
    st.booleans(),
)
LENGTHS = st.timedeltas(-MAX_DURATION, MAX_DURATION)
DAYS = st.dates(date(1, 1, 1))
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=6)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | FLOATS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(TEXTS, JSON, max_size=4)
COLOURS = st.sampled_from(Colour)
VALUES = st.builds(
    SimpleNamespace,
    id=st.uuids(),
    owner_id=st.uuids(),
    text=TEXTS,
    note=st.none() | TEXTS,
    number=WHOLE,
    count=st.none() | WHOLE,
    flag=st.booleans(),
    ratio=st.none() | FLOATS,
    colour=COLOURS,
    kind=st.sampled_from(["a", "b"]),
    day=DAYS,
    maybe_day=st.none() | DAYS,
    at=INSTANTS,
    maybe_at=st.none() | INSTANTS,
    length=LENGTHS,
    maybe_length=st.none() | LENGTHS,
    price=DECIMALS,
    maybe_price=st.none() | DECIMALS.filter(lambda value: len(value.as_tuple().digits) < 30),
    ids=st.lists(st.uuids(), max_size=3).map(tuple),
    colours=st.lists(COLOURS, max_size=3),
    extra=OBJECTS,
    maybe_extra=st.none() | OBJECTS,
    correlation_id=st.none() | TEXTS,
)


def by_pydantic(view: type[View], entity: object) -> bytes:
    return view.model_validate(entity).model_dump_json().encode()


@given(VALUES)
def test_every_kind_of_value(entity: SimpleNamespace) -> None:
    assert layout_of(Everything) is not None
    assert encode(Everything.of(entity)) == by_pydantic(Everything, entity)


@pytest.mark.parametrize("view", [One, Short, Nested])
def test_every_shape(view: type[View]) -> None:
    entity = SimpleNamespace(name="a", one=SimpleNamespace(name="b"))

    assert encode(view.of(entity)) == by_pydantic(view, entity)
    assert (layout_of(view) is None) == (view is not One)


# What a view may hold is proven above; a list has more or fewer of them.
@examples(max_examples=20)
@given(st.lists(VALUES, max_size=3))
def test_a_list_of_views(entities: list[SimpleNamespace]) -> None:
    alone = b",".join(by_pydantic(Everything, each) for each in entities)

    shown = encode({"items": [Everything.of(each) for each in entities], "next": None})

    assert shown == b'{"items":[' + alone + b'],"next":null}'


def test_what_is_no_view_is_not_written() -> None:
    for value in (object(), Decimal(1).as_tuple, SimpleNamespace(name="a")):
        with pytest.raises(TypeError):
            encode([value])
