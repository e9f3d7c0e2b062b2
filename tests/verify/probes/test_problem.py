"""Problem documents: their shape, what they must not tell, and how two compare."""

from typing import Any

import pytest

from tests.verify.probes.making import answer
from tospec.verify.base import Answer
from tospec.verify.probes.problem import MEDIA_TYPE, differences, leaks, problem_faults

_DOCUMENT = {
    "type": "https://api.example/problems/not-found",
    "title": "There is no such resource.",
    "status": 404,
    "detail": "There is no such resource.",
    "instance": "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057",
    "code": "not-found",
}


def _problem(*, media_type: str = MEDIA_TYPE, **changes: Any) -> Answer:
    document = {name: value for name, value in (_DOCUMENT | changes).items() if value is not None}
    return answer(404, document, content_type=media_type)


def test_a_problem_document_is_right() -> None:
    assert not list(problem_faults(_problem()))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"media_type": "application/json"}, "Content-Type is application/json"),
        ({"code": None}, "no member code"),
        ({"status": 400}, "status says 400 in an answer of 404"),
        ({"type": "/problems/not-found"}, "type is no absolute URI: '/problems/not-found'"),
        ({"title": ""}, "title is no text"),
        ({"x-y": 1}, "a member is called 'x-y'"),
    ],
)
def test_a_problem_document_may_be_wrong(changes: dict[str, Any], fault: str) -> None:
    assert fault in list(problem_faults(_problem(**changes)))


@pytest.mark.parametrize(
    "detail",
    [
        "Traceback (most recent call last)",
        'File "/app/main.py", line 12, in read',
        "sqlalchemy.exc.IntegrityError",
        'duplicate key value violates unique constraint "users_email"',
        "SELECT id FROM users",
        "uq_users_email",
        "/usr/lib/python3/thing.py",
        "at com.example.Main(Main.java:12)",
    ],
)
def test_the_inside_is_noticed(detail: str) -> None:
    assert list(leaks(_problem(detail=detail)))


@pytest.mark.parametrize(
    "detail",
    ["The value is not valid.", "Must be one of: low, medium.", "Select a file from the list"],
)
def test_ordinary_words_tell_nothing_of_the_inside(detail: str) -> None:
    assert not list(leaks(_problem(detail=detail, title=detail)))


def test_refusals_differ_only_in_what_tells_requests_apart() -> None:
    other = "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8058"
    assert not list(differences(_problem(), _problem(instance=other)))
    assert list(differences(_problem(), _problem(detail="It belongs to others."))) == [
        "the bodies differ"
    ]
    assert list(differences(_problem(), answer(403))) == [
        "403 instead of 404",
        f"content-type is None, not {MEDIA_TYPE!r}",
        "the bodies differ",
    ]
