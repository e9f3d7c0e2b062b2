"""Names of a backend."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tospec.lowering import naming
from tospec.python import plural

_NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,80}", fullmatch=True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Task", ("Task", "task", "tasks", "task", "tasks", "a task", "tasks")),
        (
            "LineItem",
            (
                "LineItem",
                "line_item",
                "line_items",
                "line item",
                "line items",
                "a line item",
                "line-items",
            ),
        ),
        ("Entry", ("Entry", "entry", "entries", "entry", "entries", "an entry", "entries")),
        ("News", ("News", "news", "news", "news", "news", "a news", "news")),
    ],
)
def test_an_entity_has_one_name_in_each_place(name: str, expected: tuple[str, ...]) -> None:
    names = naming.entity_names(name)
    assert expected == (
        names.type,
        names.singular,
        names.plural,
        names.noun,
        names.nouns,
        names.a_noun,
        names.segment,
    )


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("labels", "label"),
        ("categories", "category"),
        ("boxes", "box"),
        ("houses", "house"),
        ("buses", "bus"),
        ("statuses", "status"),
        ("cases", "case"),
        ("classes", "class"),
        ("aliases", "alias"),
        ("movies", "movie"),
        ("leaves", "leaf"),
        ("knives", "knife"),
        ("people", "person"),
        ("old_people", "old_person"),
        ("children", "child"),
        ("news", "news"),
        ("staff", "staff"),
    ],
)
def test_a_relation_to_many_has_a_singular(many: str, one: str) -> None:
    assert naming.singular(many) == one


@given(_NAMES)
def test_the_singular_of_a_plural_has_that_plural(noun: str) -> None:
    assert plural(naming.singular(plural(noun))) == plural(noun)


@given(_NAMES, st.integers(min_value=12, max_value=63))
def test_a_shortened_name_fits_and_stays_a_name(name: str, limit: int) -> None:
    shortened = naming.shortened(name, limit)
    assert len(shortened) <= limit
    assert shortened.isascii()
    assert (shortened == name) == (len(name) <= limit)


def test_names_that_are_cut_off_alike_stay_apart() -> None:
    long = "x" * 70
    assert naming.shortened(long + "a") != naming.shortened(long + "b")
    assert naming.shortened(long + "a") == naming.shortened(long + "a")


@pytest.mark.parametrize(
    ("code", "type_"),
    [
        ("TASK_UNASSIGNED", "TaskUnassignedError"),
        ("WORSE_ERROR", "WorseError"),
        ("X", "XError"),
    ],
)
def test_an_error_case_has_a_class(code: str, type_: str) -> None:
    assert naming.error_type(code) == type_
