"""JSON is written as the standard library writes it, whatever is shared."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tospec.profiles.cqrs.render.openapi.json_text import Shared, Writer

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


def dumped(value: Any) -> str:
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)


@given(VALUES)
def test_any_value_is_written_as_the_standard_library_does(value: Any) -> None:
    assert Writer().text(value) == dumped(value)


@given(st.dictionaries(st.text(), VALUES))
def test_what_stands_in_many_places_is_written_in_each(value: dict[str, Any]) -> None:
    shared = Shared(value)

    text = Writer().text({"a": shared, "b": {"c": [shared, shared]}, "d": shared})

    assert text == dumped({"a": value, "b": {"c": [value, value]}, "d": value})


def test_equal_objects_that_are_not_shared_stay_apart() -> None:
    one, other = Shared({"a": 1}), Shared({"a": 2})

    assert Writer().text([one, other, one]) == dumped([{"a": 1}, {"a": 2}, {"a": 1}])
