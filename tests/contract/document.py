"""The rows as a document, with what proves each of them."""

from collections.abc import Sequence
from typing import Final

from tests.contract.rows import Row, rows
from tests.verify.putting import Plan
from tests.verify.score.work import taskhub
from tests.verify.serving import ROOT

DOCUMENT: Final = ROOT / "docs" / "contract.md"
_HEAD: Final = """# What a built backend promises, and what proves it

Each row is a promise over HTTP (A), or an attack that a backend withstands (S). The third column
says how many cases of `tospec verify` on [TaskHub](../examples/taskhub) are about it, the last one
which tests. `make contract` builds TaskHub, serves it, runs all of them on SQLite and on
PostgreSQL, and counts what was found; `make fuzz` does so with the requests that
[Schemathesis](https://schemathesis.io) makes up from the OpenAPI document: every check, every
phase, two owners of two tenants.

The rows stand in [rows.toml](../tests/contract/rows.toml). A test holds the cases and tests that
they name to those that there are.

"""
_COUNTS: Final = """| | rows | proven | not in TaskHub | done otherwise |
| --- | ---: | ---: | ---: | ---: |
"""


def document(all_: Sequence[Row], ids: Sequence[str]) -> str:
    """Return the document in Markdown.

    Args:
        all_: The rows.
        ids: The ids of all cases of the example.
    """
    cells = sum(id_.startswith("role-matrix/") for id_ in ids)
    matrix = f"\nThe matrix of roles and operations has {cells} cells, each a case.\n"
    parts = [_HEAD, _COUNTS, *map(_count, *zip(*_parts(all_), strict=True)), matrix]
    for title, group in _parts(all_):
        head = f"\n## {title.title()}\n\n| row | | cases | tests |\n| --- | --- | ---: | --- |\n"
        parts += [head, *(_line(row, ids) for row in group)]
    return "".join(parts)


def _parts(all_: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    contract = [row for row in all_ if not row.is_security]
    return [("contract", contract), ("attacks", [row for row in all_ if row.is_security])]


def _count(title: str, group: Sequence[Row]) -> str:
    proven = sum(row.is_proven for row in group)
    absent = sum(bool(row.absent) for row in group)
    declined = sum(bool(row.declined) for row in group)
    return f"| {title} | {len(group)} | {proven} | {absent} | {declined} |\n"


def _line(row: Row, ids: Sequence[str]) -> str:
    if row.absent:
        return f"| {row.id} | {row.title} | | not here: {row.absent} |\n"
    if row.declined:
        return f"| {row.id} | {row.title} | | done otherwise: {row.declined} |\n"
    count = len(row.cases_among(ids))
    tests = ", ".join(f"`{_short(each)}`" for each in (*row.built, *row.tool))
    only = f" (on {row.only})" if row.only else ""
    return f"| {row.id} | {row.title}{only} | {count or ''} | {tests} |\n"


def _short(test: str) -> str:
    return test.rpartition("::")[2].removeprefix("tests/")


if __name__ == "__main__":
    DOCUMENT.write_text(document(rows(), [case.id for case in Plan.of(taskhub()).cases]), "utf-8")
