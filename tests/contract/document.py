"""The rows as a document, with what proves each of them."""

from collections.abc import Sequence
from typing import Final

from tests.contract.rows import Row, rows
from tests.verify.putting import Plan
from tests.verify.score.work import taskhub
from tests.verify.serving import ROOT

DOCUMENT: Final = ROOT / "docs" / "contract.md"
_HEAD: Final = """# What a built backend promises, and what proves it

Each row is a promise over HTTP (A) or an attack that a backend withstands (S). The second column says how many cases of
`tospec verify` on [TaskHub](../examples/taskhub) are about it, the third which tests. `make contract` builds TaskHub, serves it,
runs all of them on SQLite and on PostgreSQL, and counts the findings.

The rows stand in [rows.toml](../tests/contract/rows.toml), which names the cases and tests; a test holds them to what there is.

"""


def document(all_: Sequence[Row], ids: Sequence[str]) -> str:
    """Return the document in Markdown.

    Args:
        all_: The rows.
        ids: The ids of all cases of the example.
    """
    matrix = sum(id_.startswith("role-matrix/") for id_ in ids)
    parts = [_HEAD, _counts(all_, matrix)]
    for title, chosen in (("The contract", False), ("Attacks", True)):
        lines = [_line(row, ids) for row in all_ if row.is_security is chosen]
        head = f"\n## {title}\n\n| row | | cases | tests |\n| --- | --- | ---: | --- |\n"
        parts += [head, *lines]
    return "".join(parts)


def _counts(all_: Sequence[Row], matrix: int) -> str:
    lines = [
        "| | rows | proven | not in TaskHub | done otherwise |\n| --- | ---: | ---: | ---: | ---: |\n"
    ]
    for title, chosen in (("contract", False), ("attacks", True)):
        group = [row for row in all_ if row.is_security is chosen]
        proven, absent, declined = (
            sum(bool(each) for each in column)
            for column in zip(*((r.is_proven, r.absent, r.declined) for r in group), strict=True)
        )
        lines.append(f"| {title} | {len(group)} | {proven} | {absent} | {declined} |\n")
    return (
        "".join(lines) + f"\nThe matrix of roles and operations has {matrix} cells, each a case.\n"
    )


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
