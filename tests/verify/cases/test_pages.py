"""Pages that change while they are looked at."""

from tospec.verify.base import Answer
from tospec.verify.cases.together import is_one_of


def _page(*ids: str) -> Answer:
    items = [{"id": each} for each in ids]
    return Answer(status=200, headers={}, body=b"", json={"items": items}, seconds=0.0)


def test_a_row_that_came_meanwhile_is_no_fault_of_the_link() -> None:
    before, after = _page("second"), _page("came between")
    assert is_one_of(_page("second"), before, after)
    assert is_one_of(_page("came between"), before, after)


def test_a_page_that_was_never_there_is_another_one() -> None:
    assert not is_one_of(_page("first"), _page("second"), _page("came between"))
    assert not is_one_of(_page(), _page("second"), _page("second"))
