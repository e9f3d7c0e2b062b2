"""What rows name is there, and the document is the one that they make."""

from pathlib import Path

import pytest

from tests.contract.document import DOCUMENT, document
from tests.contract.rows import Row, collected, named, rows
from tests.verify.putting import Plan
from tests.verify.score.work import taskhub
from tests.verify.serving import ROOT, TASKHUB

ROWS = rows()


@pytest.fixture(scope="module")
def ids() -> list[str]:
    return [case.id for case in Plan.of(taskhub()).cases]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_is_proven_or_says_why_not(row: Row) -> None:
    said = [bool(row.absent), bool(row.declined), row.is_proven]
    assert said.count(True) == 1


def test_each_case_is_one_that_the_verifier_puts(ids: list[str]) -> None:
    meant = [Row(id=row.id, title="", cases=(each,)) for row in ROWS for each in row.cases]
    assert [(row.id, *row.cases) for row in meant if not row.cases_among(ids)] == []


@pytest.mark.parametrize(("kind", "folder"), [("built", TASKHUB / "backend"), ("tool", ROOT)])
def test_each_test_is_one_that_runs(kind: str, folder: Path) -> None:
    wanted = named(getattr(row, kind) for row in ROWS)
    assert sorted(set(wanted) - collected(folder, wanted)) == []


def test_a_test_that_is_none_is_missed() -> None:
    name = "tests/contract/test_rows.py::test_a_row_that_nobody_wrote"
    assert name not in collected(ROOT, [name.partition("::")[0]])
    assert name.replace("row_that_nobody_wrote", "test_that_is_none_is_missed") in collected(
        ROOT, [name.partition("::")[0]]
    )


def test_the_document_is_that_of_the_rows(ids: list[str]) -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(ROWS, ids), (
        "Run `python -m tests.contract.document`."
    )
