"""How long a big report takes, and how big its page gets: `python bench/report.py`."""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.report.reports import TREE, file_of, gated, put, ran, taskhub
from tospec.evidence import Outcome
from tospec.model.system import Block, System
from tospec.report import exports, page, summary
from tospec.report.report import Report, report_of
from tospec.report.trace import Executed


def main(arguments: Sequence[str] | None = None) -> int:
    """Print seconds and sizes of each notation."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("requirements", 200), ("tests", 1000), ("cases", 3000), ("files", 600)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    sizes = parser.parse_args(arguments)
    start = time.perf_counter()
    report = _report(sizes.requirements, sizes.tests, sizes.cases, sizes.files)
    print(f"{'put together':14} {time.perf_counter() - start:6.2f} s")
    notations = {
        "html": page.as_html,
        "markdown": exports.as_markdown,
        "json": exports.as_json,
        "csv": exports.as_csv,
        "text": summary.as_text,
    }
    for name, render in notations.items():
        start = time.perf_counter()
        size = len(render(report).encode())
        print(f"{name:14} {time.perf_counter() - start:6.2f} s  {size / 1e6:6.2f} MB")
    return 0


def _report(requirements: int, tests: int, cases: int, files: int) -> Report:
    names = [f"REQ-{at:04}" for at in range(requirements)]
    outcomes = (*[Outcome.PASSED] * 19, Outcome.FAILED)
    executed = Executed(
        tree=TREE,
        tests=ran(*((names[at % requirements], outcomes[at % 20]) for at in range(tests))),
        verification=put(*((names[at % requirements], outcomes[at % 20]) for at in range(cases))),
    )
    made = [
        file_of(names[at % requirements], path=f"app/services/file_{at}.py") for at in range(files)
    ]
    system = _system(names)
    gates = [gated() for _ in range(30)]
    return report_of(system, tool="1", spec="s", files=made, executed=executed, gates=gates)


def _system(names: Sequence[str]) -> System:
    first = taskhub().requirements[0]
    texts = tuple(replace(first, id=name, title=f"{first.title} {name}") for name in names)
    blocks = tuple(
        Block(kind="entity", name=name, requirements=(name,), span=first.span) for name in names
    )
    return replace(taskhub(), requirements=texts, blocks=(*taskhub().blocks, *blocks))


if __name__ == "__main__":
    sys.exit(main())
