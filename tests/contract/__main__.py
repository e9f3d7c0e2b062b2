"""Count the rows of the contract: run what proves them, on each database, and say what was found.

As a program: `python -m tests.contract`; the exit code is 0 if nothing was found.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.contract.databases import built, databases, served
from tests.contract.rows import Row, named, rows
from tests.contract.running import FAILED, PASSED, SKIPPED, run
from tests.verify.putting import Plan
from tests.verify.score.work import taskhub
from tests.verify.serving import ROOT
from tospec.evidence import Outcome

BAD: Final = frozenset({Outcome.FAILED, Outcome.INCONCLUSIVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen on one database.

    Attributes:
        cases: Outcomes of cases of the verifier, by id.
        built: What became of tests of the built example.
        tool: What became of tests of tospec.
    """

    database: str
    cases: Mapping[str, Outcome] = field(default_factory=dict)
    built: Mapping[str, str] = field(default_factory=dict)
    tool: Mapping[str, str] = field(default_factory=dict)

    def findings(self, row: Row) -> list[str]:
        """Return what is amiss with a row: what did not pass, or that nothing did."""
        if not row.is_proven or row.only not in {"", self.database}:
            return []
        cases = {id_: self.cases[id_] for id_ in row.cases_among(self.cases)}
        tests = {name: self.built.get(name, FAILED) for name in row.built}
        tests |= {name: self.tool.get(name, FAILED) for name in row.tool}
        amiss = [f"{id_}: {each}" for id_, each in cases.items() if each in BAD]
        amiss += [f"{name}: {each}" for name, each in tests.items() if each == FAILED]
        if not amiss and Outcome.PASSED not in cases.values() and PASSED not in tests.values():
            amiss = ["nothing passed"]
        return amiss


def main(arguments: Sequence[str] | None = None) -> int:
    """Count on each database; 0 if nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.contract", description=__doc__)
    parser.add_argument("--on", choices=list(databases()), help="only this database")
    parser.add_argument(
        "--seed", type=int, default=1, help="of what the verifier chooses by chance"
    )
    options = parser.parse_args(arguments)
    all_ = rows()
    found = 0
    with tempfile.TemporaryDirectory(prefix="tospec-contract-") as root:
        tool = run(ROOT, named(row.tool for row in all_), Path(root) / "tool.xml", _own())
        for name, server in databases().items():
            if options.on in (None, name):
                seen = _seen(name, server, Path(root) / name, tool, options.seed)
                found += _tell(seen, all_)
    return min(found, 1)


def _own() -> Mapping[str, str]:
    return {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}


def _seen(name: str, server: str | None, folder: Path, tool: Mapping[str, str], seed: int) -> Seen:
    folder.mkdir()
    backend = built(folder / "built")
    plan = Plan.of(taskhub())
    with served(backend, server) as url:
        cases = {case.id: case.outcome for case in plan.put(url, plan.cases, seed=seed)}
    wanted = named(row.built for row in rows())
    driver = (server or "").replace("postgresql://", "postgresql+asyncpg://")
    settings = {"TEST_DATABASE_URL": driver} if server else {}
    return Seen(
        database=name,
        cases=cases,
        built=run(backend, wanted, folder / "built.xml", settings),
        tool=tool,
    )


def _tell(seen: Seen, all_: Sequence[Row]) -> int:
    """Print the counts of a database, and what was found; return how many findings there are."""
    matrix = {id_: each for id_, each in seen.cases.items() if id_.startswith("role-matrix/")}
    amiss = {row.id: seen.findings(row) for row in all_}
    head = "| | there are | passed | cannot be | findings |\n| --- | ---: | ---: | ---: | ---: |"
    lines = [f"## {seen.database}", "", head]
    for title, chosen in (("rows of the contract", False), ("rows of attacks", True)):
        group = [row for row in all_ if row.is_security is chosen and _counts(row, seen)]
        bad = sum(bool(amiss[row.id]) for row in group)
        lines.append(_line(title, len(group) - bad, 0, bad))
    for title, outcomes in (("cells of the role matrix", matrix), ("cases of verify", seen.cases)):
        told = Counter(outcomes.values())
        lines.append(
            _line(
                title, told[Outcome.PASSED], told[Outcome.SKIPPED], sum(told[each] for each in BAD)
            )
        )
    told_tests = Counter(seen.built[name] for name in named(row.built for row in all_))
    title = "tests of the backend that rows name"
    lines += [_line(title, told_tests[PASSED], told_tests[SKIPPED], told_tests[FAILED]), ""]
    lines += [f"{id_}: {each}" for id_, found in amiss.items() for each in found]
    bad_cases = [f"{id_}: {each}" for id_, each in seen.cases.items() if each in BAD]
    sys.stdout.write("\n".join([*lines, *bad_cases]) + "\n")
    sys.stdout.flush()
    return sum(map(len, amiss.values())) + len(bad_cases)


def _counts(row: Row, seen: Seen) -> bool:
    return row.is_proven and row.only in {"", seen.database}


def _line(title: str, passed: int, cannot: int, found: int) -> str:
    return f"| {title} | {passed + cannot + found} | {passed} | {cannot} | {found} |"


if __name__ == "__main__":
    sys.exit(main())
