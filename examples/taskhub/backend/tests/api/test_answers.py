"""Answers are held against their schemas where an installation asks for it."""

import pytest
from fastapi import Response

from app.api.answers import AnswerError, check_answer
from app.api.responses import document, json_response
from app.api.routing import Operation, Router
from app.schemas.base import View
from app.schemas.fields import Instant
from app.schemas.page import PageView


class Canary(View):
    name: str
    at: Instant


router = Router()


@router.get("/canaries", response_model=PageView[Canary])
async def read_canaries() -> Response:
    """Read."""
    return document({})


def answering(**members: object) -> Response:
    whole = {"name": "a", "at": "2030-01-02T03:04:05.000000Z"}
    return document({"items": [{**whole, **members}], "next": None})


@pytest.fixture
def operation() -> Operation:
    return router.routes[0]


def fits(operation: Operation, answer: Response) -> bool:
    try:
        check_answer(operation, answer)
    except AnswerError:
        return False
    return True


def test_an_answer_that_fits(operation: Operation) -> None:
    assert fits(operation, answering())
    assert not fits(operation, answering(name=7))


@pytest.mark.parametrize(
    "members",
    [{"name": 7}, {"name": None}, {"at": "2030-01-02"}, {"at": "2030-01-02T03:04:05Z"}, {"b": 1}],
)
def test_an_answer_that_does_not_fit(operation: Operation, members: dict[str, object]) -> None:
    with pytest.raises(AnswerError, match="read_canaries"):
        check_answer(operation, answering(**members))


def test_the_fault_is_told_without_values(operation: Operation) -> None:
    with pytest.raises(AnswerError) as caught:
        check_answer(operation, answering(name=["secret-canary"]))

    assert "name" in str(caught.value)
    assert "secret-canary" not in str(caught.value)


def test_what_is_no_success_is_not_held_against_it(operation: Operation) -> None:
    assert fits(operation, Response(status_code=304))
    assert fits(operation, json_response(b"{}", status=404))
    assert not fits(operation, json_response(b"{}", status=200))
