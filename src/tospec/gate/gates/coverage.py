"""The tests execute the business logic."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from tospec.evidence import Violation
from tospec.gate.base import CannotRunError, Findings, Turn
from tospec.gate.modules import Kind
from tospec.gate.planting import code_at
from tospec.gate.static import Rule, TreeGate
from tospec.gate.suite import Lines, suite_of
from tospec.gate.tree import TreeUnderTest
from tospec.gate.versions import version_of

_LEAST: Final = 90
_LAYERS: Final = ("services", "commands", "queries", "repositories")
_UNTESTED: Final = Rule("not-covered", "Write tests that reach these lines, or remove the lines.")
_SHOWN: Final = 10


def _judge(tree: TreeUnderTest) -> Findings:
    versions = version_of(tree, "pytest-cov")
    suite = suite_of(tree)
    if suite.fault or not suite.coverage:
        message = f"Nothing was measured: {suite.fault or 'there is no report of coverage'}."
        raise CannotRunError(message, "Mend what the gate tests reports.")
    measured = dict(_measured(tree, suite.coverage))
    found = [v for layer in _LAYERS for v in _violations(layer, measured)]
    total = sum(each.total for each in measured.values())
    reached = sum(each.covered for each in measured.values())
    return Findings(
        candidates=total,
        checked=total,
        violations=tuple(found),
        versions=versions,
        note=f"{100 * reached / total:.1f} % of {total:,} lines" if total else "",
    )


def _measured(tree: TreeUnderTest, coverage: Mapping[str, Lines]) -> Iterator[tuple[str, Lines]]:
    """Yield the lines of each file of business logic; none of a file never imported."""
    for module in tree.of_kind(Kind.APPLICATION):
        if _layer(module.path) and module.syntax.body:
            lines = sum(hasattr(node, "lineno") for node in module.syntax.body)
            yield module.path, coverage.get(module.path, Lines(total=lines, covered=0))


def _layer(path: str) -> str:
    return next((part for part in path.split("/")[:-1] if part in _LAYERS), "")


def _violations(layer: str, measured: dict[str, Lines]) -> Iterator[Violation]:
    files = {path: lines for path, lines in measured.items() if _layer(path) == layer}
    if _share(files.values()) >= _LEAST:
        return
    message = (
        f"Only {_share(files.values()):.1f} % of {layer} is executed; {_LEAST} % is the least."
    )
    yield _UNTESTED.at("", message)
    for path, lines in sorted(files.items(), key=lambda each: (_share([each[1]]), each[0])):
        if _share([lines]) < _LEAST:
            yield _UNTESTED.at(
                path,
                f"{lines.covered} of {lines.total} lines are executed; not {_told(lines)}.",
                lines.missing[0] if lines.missing else 1,
            )


def _share(lines: Iterable[Lines]) -> float:
    every = tuple(lines)
    total = sum(each.total for each in every)
    return 100 * sum(each.covered for each in every) / total if total else 100.0


def _told(lines: Lines) -> str:
    shown = ", ".join(map(str, lines.missing[:_SHOWN]))
    more = len(lines.missing) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown or "one"


_DEAD: Final = (
    '"""Planted."""\n\n\ndef planted(number: int) -> int:\n    """Planted."""\n'
    + "".join(f"    if number == {number}:\n        number += {number}\n" for number in range(600))
)


GATE: Final = TreeGate(
    name="coverage",
    title=f"the tests execute {_LEAST} % of the business logic",
    looked_for="lines of services, commands, queries and repositories",
    judge=_judge,
    paths=lambda tree: tree.paths,
    executed=True,
    turn=Turn.LAST,
    plants=(code_at("dead", "app/services/planted_by_canary.py", _DEAD),),
)
