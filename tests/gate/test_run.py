"""Running gates: fail-closed, and evidence that is used again only where it still speaks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.gate.support import write, write_built
from tospec.errors import TospecError
from tospec.evidence import GateResult, Outcome, Violation, load
from tospec.gate.base import Canary, CannotRunError, Findings, Needs, Turn
from tospec.gate.canary import try_canaries
from tospec.gate.run import RunOptions, evidence_folder, run_gate, run_gates
from tospec.gate.tree import TreeUnderTest

WRONG = Violation(rule="wrong", message="It is\x1b[31m wrong.", fix="Mend it.", path="a.py", line=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A gate that finds what it is told to."""

    run: Callable[[TreeUnderTest], Findings]
    name: str = "planned"
    title: str = "it is as planned"
    looked_for: str = "things"
    needs: Needs = Needs.ANY
    executed: bool = False
    turn: Turn = Turn.USUAL
    plants: tuple[Canary, ...] = ()
    runs: list[str] = field(default_factory=list)

    def applies(self, tree: TreeUnderTest) -> str:
        return "" if tree.paths else "there is no file"

    def inputs(self, tree: TreeUnderTest) -> tuple[str, ...]:
        self.runs.append("asked")
        return tree.paths

    def canaries(self) -> tuple[Canary, ...]:
        return self.plants


def planned(findings: Findings | Exception, **changes: object) -> Planned:
    """Return a gate with these findings, or that fails in this way."""

    def run(_: TreeUnderTest) -> Findings:
        if isinstance(findings, Exception):
            raise findings
        return findings

    return Planned(run=run, **changes)  # type: ignore[arg-type]


GOOD = Findings(candidates=2, checked=2)


@pytest.mark.parametrize(
    ("findings", "outcome", "reason"),
    [
        (GOOD, Outcome.PASSED, ""),
        (Findings(candidates=2, checked=2, note="by the way"), Outcome.PASSED, "by the way"),
        (Findings(candidates=0, checked=0), Outcome.FAILED, "nothing to check"),
        (Findings(candidates=2, checked=1), Outcome.FAILED, "only 1 of 2"),
        (Findings(candidates=2, checked=2, reason="no"), Outcome.FAILED, "no"),
        (Findings(candidates=2, checked=2, violations=(WRONG,)), Outcome.FAILED, ""),
        (CannotRunError("No tool.", "Install it."), Outcome.FAILED, "No tool. Install it."),
        (ZeroDivisionError("x"), Outcome.FAILED, "tospec has a bug here: ZeroDivisionError"),
    ],
)
def test_only_a_whole_and_clean_judgement_passes(
    tmp_path: Path, findings: Findings | Exception, outcome: Outcome, reason: str
) -> None:
    tree = TreeUnderTest(write(tmp_path, {"a.py": "x = 1\n"}))
    result = run_gate(tree, planned(findings), RunOptions())
    assert (result.outcome, reason in result.reason) == (outcome, True)
    assert all("\x1b" not in found.message for found in result.violations)


def test_a_tree_that_does_not_parse_is_red_in_every_gate_that_reads_it(tmp_path: Path) -> None:
    tree = TreeUnderTest(write(tmp_path, {"a.py": "x = 1\n"}))
    assert run_gate(tree, planned(GOOD), RunOptions()).outcome is Outcome.PASSED
    tree = TreeUnderTest(write(tmp_path, {"b.py": "def f(:\n"}))
    result = run_gate(tree, planned(GOOD), RunOptions())
    assert (result.outcome, "b.py" in result.reason) == (Outcome.FAILED, True)


def test_a_skip_has_its_reason_and_is_never_a_pass(tmp_path: Path) -> None:
    tree = TreeUnderTest(tmp_path)
    gate = planned(GOOD, needs=Needs.BUILT)
    foreign = run_gate(tree, gate, RunOptions())
    assert (foreign.outcome, "did not build" in foreign.reason) == (Outcome.SKIPPED, True)
    idle = run_gate(tree, planned(GOOD), RunOptions())
    assert (idle.outcome, idle.reason) == (Outcome.SKIPPED, "there is no file")
    built = TreeUnderTest(write_built(tmp_path, {"a.py": "x = 1\n"}))
    assert run_gate(built, gate, RunOptions()).outcome is Outcome.PASSED
    asked = run_gate(built, gate, RunOptions(skipped={"planned": "flaky"}))
    assert (asked.outcome, asked.reason) == (Outcome.SKIPPED, "on request: flaky")


def test_evidence_is_used_again_until_an_input_changes(tmp_path: Path) -> None:
    root, kept = write(tmp_path / "tree", {"a.py": "x = 1\n"}), tmp_path / "kept"
    options = RunOptions(evidence=kept)

    def result(options: RunOptions = options) -> GateResult:
        (found,) = run_gates(TreeUnderTest(root), [planned(GOOD)], options)
        return found

    first = result()
    assert (first.outcome, first.reused) == (Outcome.PASSED, False)
    assert load(GateResult, kept / "gates" / "planned.json") == first
    assert result().reused
    assert not result(RunOptions(evidence=kept, reuse=False)).reused
    write(root, {"a.py": "x = 2\n"})
    assert not result().reused
    (kept / "gates" / "planned.json").write_text("{}")
    assert not result().reused


def test_a_failure_is_never_used_again(tmp_path: Path) -> None:
    root, options = write(tmp_path / "tree", {"a.py": "x\n"}), RunOptions(evidence=tmp_path / "k")
    (failed,) = run_gates(TreeUnderTest(root), [planned(CannotRunError("No server."))], options)
    (passed,) = run_gates(TreeUnderTest(root), [planned(GOOD)], options)
    assert (failed.outcome, passed.outcome, passed.reused) == (
        Outcome.FAILED, Outcome.PASSED, False,
    )  # fmt: skip


def test_evidence_stays_out_of_trees_that_tospec_did_not_build(tmp_path: Path) -> None:
    foreign = TreeUnderTest(write(tmp_path / "foreign", {"a.py": "x = 1\n"}))
    built = TreeUnderTest(write_built(tmp_path / "built", {"a.py": "x = 1\n"}))
    assert evidence_folder(foreign, None) is None
    assert evidence_folder(foreign, tmp_path / "e") == tmp_path / "e"
    inside = evidence_folder(built, None)
    assert inside == built.root / ".tospec" / "evidence"
    run_gates(built, [planned(GOOD)], RunOptions(evidence=inside))
    run_gates(foreign, [planned(GOOD)], RunOptions())
    assert [p.name for p in foreign.root.rglob("*")] == ["a.py"]
    assert (inside / ".gitignore").read_text().endswith("*\n")
    with pytest.raises(TospecError, match="Cannot write evidence"):
        run_gates(built, [planned(GOOD)], RunOptions(evidence=built.root / "a.py" / "x"))


def test_results_come_in_the_order_of_the_gates(tmp_path: Path) -> None:
    tree = TreeUnderTest(write(tmp_path, {"a.py": "x = 1\n"}))
    turns = {"a": Turn.LAST, "b": Turn.USUAL, "c": Turn.FIRST}
    gates = [planned(GOOD, name=name, turn=turn) for name, turn in turns.items()]
    seen: list[str] = []
    results = run_gates(tree, gates, RunOptions(jobs=1), lambda each: seen.append(each.gate))
    assert [each.gate for each in results] == ["a", "b", "c"]
    assert seen == ["c", "b", "a"]


def test_a_canary_counts_only_if_the_gate_notices_what_was_planted(tmp_path: Path) -> None:
    def looking(tree: TreeUnderTest) -> Findings:
        return Findings(
            candidates=1, checked=1, violations=(WRONG,) if "p.py" in tree.paths else ()
        )

    def plant(root: Path) -> None:
        (root / "p.py").write_text("x = 1\n")

    def refuse(_: Path) -> None:
        raise LookupError("there is no place")

    tree = TreeUnderTest(write(tmp_path, {"a.py": "x = 1\n"}))
    canary = Canary(name="planted", plant=plant)

    def tried(gate: Planned) -> GateResult:
        return try_canaries(tree, gate, run_gate(tree, gate, RunOptions()))

    seeing = Planned(run=looking, plants=(canary,))
    assert tried(seeing).outcome is Outcome.PASSED
    blind = planned(GOOD, plants=(canary,))
    always_red = planned(Findings(candidates=1, checked=1, violations=(WRONG,)), plants=(canary,))
    for gate, said in ((blind, "did not notice"), (always_red, "did not notice")):
        result = tried(gate)
        assert result.outcome is Outcome.FAILED
        assert said in result.violations[0].message
    result = tried(Planned(run=looking, plants=(Canary(name="x", plant=refuse),)))
    assert "there is no place" in result.violations[0].message
    assert tried(Planned(run=looking)).outcome is Outcome.FAILED
    assert [path.name for path in tmp_path.iterdir()] == ["a.py"]
