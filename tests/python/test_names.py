"""Names: which are accepted, and how forms derive from one another."""

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.python.hostile import HOSTILE
from tospec.python import (
    InvalidNameError,
    attribute,
    class_name,
    collisions,
    constant,
    identifier,
    kebab,
    name_problem,
    pascal,
    plural,
    snake,
    title_words,
)

_NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,62}", fullmatch=True)


@pytest.mark.parametrize("text", ["task", "task_comment", "a1", "x" * 63, "model_id", "model_min"])
def test_plain_names_are_accepted(text: str) -> None:
    assert identifier(text).text == text
    assert attribute(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        *(text for text in HOSTILE if text not in {"no", "noqa"}),
        "1st",
        "Task",
        "_task",
        "x" * 64,
        "ﬁle",
        "t\u0430sk",
        "task name",
        "task.name",
        "../x",
        "task\n",
        "class",
        "async",
        "none\u200b",
    ],
)
def test_what_is_no_name_is_refused(text: str) -> None:
    if text.isascii() and text.isalpha() and text.islower() and len(text) <= 63:
        assert keyword.iskeyword(text)
    for door in (identifier, attribute):
        with pytest.raises(InvalidNameError):
            door(text)


@pytest.mark.parametrize("text", ["match", "type", "id", "filter", "self"])
def test_names_with_a_meaning_are_attributes_at_most(text: str) -> None:
    assert attribute(text).text == text
    with pytest.raises(InvalidNameError):
        identifier(text)


@pytest.mark.parametrize("text", ["model_dump", "model_config", "json", "metadata", "str", "date"])
def test_reserved_names_are_no_attributes(text: str) -> None:
    with pytest.raises(InvalidNameError):
        attribute(text)
    assert name_problem(text)
    assert not name_problem(f"its_{text}")


def test_class_names_and_constants() -> None:
    assert class_name("task_comment").text == "TaskComment"
    assert constant("in_progress").text == "IN_PROGRESS"
    with pytest.raises(InvalidNameError):
        class_name("none")
    with pytest.raises(InvalidNameError):
        class_name("exception")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TaskComment", "task_comment"),
        ("HTTPServer", "http_server"),
        ("task-comment", "task_comment"),
        ("Task comment", "task_comment"),
        ("OAuth2Token", "o_auth2_token"),
        ("a1b", "a1b"),
    ],
)
def test_snake(text: str, expected: str) -> None:
    assert snake(text) == expected


@given(_NAMES)
def test_snake_keeps_names_but_for_doubled_underscores(name: str) -> None:
    assert snake(name).replace("_", "") == name.replace("_", "")
    assert snake(snake(name)) == snake(name)
    assert snake(kebab(name)) == snake(name)


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("task", "tasks"),
        ("task_category", "task_categories"),
        ("day", "days"),
        ("box", "boxes"),
        ("status", "statuses"),
        ("branch", "branches"),
        ("person", "people"),
        ("child", "children"),
        ("knife", "knives"),
        ("shelf", "shelves"),
        ("hero", "heroes"),
        ("photo", "photos"),
        ("news", "news"),
        ("api_key", "api_keys"),
        ("proof", "proofs"),
    ],
)
def test_plural(one: str, many: str) -> None:
    assert plural(one) == many


def test_other_forms() -> None:
    assert pascal("api_key") == "ApiKey"
    assert kebab("api_key") == "api-key"
    assert title_words("api_key") == "Api key"


def test_collisions_are_found() -> None:
    assert collisions(["person", "people"], lambda n: n if n == "people" else plural(n)) == (
        ("people", "person"),
    )
    assert collisions(["task_a", "taska"], pascal) == ()
    assert collisions(["a_1", "a1"], pascal) == (("a1", "a_1"),)
