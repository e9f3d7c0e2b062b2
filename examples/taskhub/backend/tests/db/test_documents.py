"""Documents hold values exactly, in forms that they are read again in."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest
from asyncpg.pgproto import pgproto
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from app.db.types import json_text
from app.schemas.fields import MAX_DURATION

TEXT = "0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3"


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (UUID(TEXT), TEXT),
        (pgproto.UUID(TEXT), TEXT),
        (Colour.RED, "red"),
        (Decimal("1.50"), "1.50"),
        (Decimal("12345678901234567890.0123456789"), "12345678901234567890.0123456789"),
        (2**63 - 1, 2**63 - 1),
        (0.1, 0.1),
        (None, None),
        (date(2030, 1, 31), "2030-01-31"),
        (datetime(2030, 1, 31, 1, 2, 3, 45, tzinfo=UTC), "2030-01-31T01:02:03.000045Z"),
        ((UUID(TEXT),), [TEXT]),
        ({"a": [Decimal("0.1"), {"b": "\u2028\x01"}]}, {"a": ["0.1", {"b": "\u2028\x01"}]}),
    ],
)
def test_a_value_is_written(value: object, written: object) -> None:
    assert json.loads(json_text({"value": value})) == {"value": written}


@given(st.timedeltas(-MAX_DURATION, MAX_DURATION))
def test_a_length_of_time_is_read_as_it_was_written(length: timedelta) -> None:
    assert TypeAdapter(timedelta).validate_json(json_text(length)) == length
