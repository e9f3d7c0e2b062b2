"""Each operation of TaskHub is called by tests that come with it: served, and refused."""

import pytest

from tests.build.operations import TASKHUB, Answer, Called, called, operations_called, table
from tospec import read
from tospec.model import Operation


def operations() -> tuple[Operation, ...]:
    system = read(TASKHUB).system
    assert system is not None
    return system.operations


def lacking(found: tuple[Called, ...]) -> list[str]:
    return [each.name for each in found if not (each.served and each.refused and each.total > 1)]


@pytest.mark.slow
def test_every_operation_has_tests_that_it_serves_and_that_it_refuses() -> None:
    found = operations_called(TASKHUB)

    assert len(found) > 40
    assert lacking(found) == [], table(found)


def test_an_operation_without_a_refusal_is_noticed() -> None:
    own = [each for each in operations() if each.name in {"CreateTask", "GetTask"}]
    answers: list[Answer] = [
        ("one", "POST", "/v1/tasks", 201),
        ("two", "POST", "/v1/tasks", 422),
        ("two", "GET", "/v1/tasks/1", 200),
        ("three", "GET", "/v1/tasks/1", 200),
        ("three", "GET", "/v1/tasks", 403),
    ]

    found = tuple(called(own, answers))

    assert {each.name: (each.total, len(each.refused)) for each in found} == {
        "CreateTask": (2, 1),
        "GetTask": (2, 0),
    }
    assert lacking(found) == ["GetTask"]
