"""Gates and verifications as text, JSON, SARIF and JUnit: complete, and safe to print."""

import json
from typing import Any, Final
from xml.etree.ElementTree import Element, fromstring

import pytest

from tospec.evidence import Case, GateResult, Outcome, Replay, Verification, Violation
from tospec.report import gates, junit, sarif

HOSTILE: Final = "a\x1b[31m\x00<b>&\"'\u202e\ud800\x9b]]>\nz"
UNSAFE: Final = "\x1b\x00\u202e\ud800\x9b"


def _gate(name: str, outcome: Outcome, *, found: int = 0, reason: str = "") -> GateResult:
    violations = tuple(
        Violation(
            rule="wrong", message=HOSTILE, fix="Mend it.", path="app/ä b%.py", line=n + 1, column=3
        )
        for n in range(found)
    )
    return GateResult(
        gate=name,
        title=f"{name} holds",
        outcome=outcome,
        looked_for="things",
        candidates=3,
        checked=3,
        tree="0",
        seconds=0.25,
        command="tospec gate .",
        reason=reason,
        violations=violations,
    )


PASSED: Final = _gate("good", Outcome.PASSED)
FAILED: Final = _gate("bad", Outcome.FAILED, found=2)
SILENT: Final = _gate("silent", Outcome.FAILED, reason=HOSTILE)
SKIPPED: Final = _gate("idle", Outcome.SKIPPED, reason="on request: x")


def _case(outcome: Outcome) -> Case:
    return Case(
        id=f"kind/{outcome}",
        kind="role-matrix",
        element="operation StartTask",
        rule=HOSTILE,
        outcome=outcome,
        requirements=("REQ-001",),
        expected="403",
        got=HOSTILE,
        reference="spec.md:12",
        replay=Replay(lines=("curl -s $URL/tasks",)),
        detail=HOSTILE,
    )


def _verification(outcome: Outcome, *cases: Case) -> Verification:
    return Verification(
        spec="0",
        system="taskhub",
        target="http://127.0.0.1:1",
        seed=1,
        complete=True,
        requests=9,
        seconds=1.5,
        outcome=outcome,
        cases=cases,
        uncovered=("operation StopTask: no credentials",),
    )


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        ([PASSED], Outcome.PASSED),
        ([PASSED, SKIPPED], Outcome.PASSED),
        ([PASSED, FAILED], Outcome.FAILED),
        ([SKIPPED], Outcome.INCONCLUSIVE),
        ([], Outcome.INCONCLUSIVE),
    ],
)
def test_only_gates_that_passed_make_a_pass(results: list[GateResult], verdict: Outcome) -> None:
    assert gates.verdict(results) is verdict
    data = gates.as_data(results)
    assert (data["verdict"], data["exit_code"]) == (verdict, int(verdict is not Outcome.PASSED))


def test_the_text_begins_with_what_to_do_and_tells_of_every_gate() -> None:
    lines = gates.as_text([PASSED, SKIPPED, FAILED]).split("\n")
    assert lines[0].startswith("Next: app/ä b%.py:1:3: a[31m<b>")
    assert [line.split()[:2] for line in lines[1:4]] == [
        ["failed", "bad"], ["skipped", "idle"], ["passed", "good"],
    ]  # fmt: skip
    assert "on request: x" in lines[2]
    skipped = gates.as_text([PASSED, SKIPPED]).split("\n")[0]
    assert skipped == "1 of 2 gates passed; 1 skipped, which proves nothing of what they look for."
    assert gates.as_text([SKIPPED]).startswith("Nothing was judged")


def test_the_text_fits_on_a_screen_and_counts_the_rest() -> None:
    many = [_gate("many", Outcome.FAILED, found=500), *[PASSED] * 24]
    lines = gates.as_text(many).split("\n")
    assert len(lines) == gates.MAX_LINES
    assert lines[-1] == f"… and {500 - 32} more; --format json lists all."
    few = gates.as_text([FAILED]).split("\n")
    assert sum("(bad)" in line for line in few[2:]) == 2


def test_canaries_take_one_line() -> None:
    tried = [_gate("canary-good", Outcome.PASSED), _gate("canary-bad", Outcome.FAILED, found=1)]
    text = gates.as_text([PASSED, *tried])
    assert "canaries: 5 of 6 planted violations were rejected" in text


@pytest.mark.parametrize("fits", ["text", "json", "sarif", "junit", "sarif-verify", "junit-verify"])
def test_nothing_that_was_judged_gets_a_control_character_out(fits: str) -> None:
    results = [FAILED, SILENT, SKIPPED]
    verification = _verification(Outcome.FAILED, _case(Outcome.FAILED), _case(Outcome.SKIPPED))
    made = {
        "text": lambda: gates.as_text(results),
        "json": lambda: _all_texts(gates.as_data(results)),
        "sarif": lambda: _all_texts(sarif.of_gates(results, tool_version="1")),
        "junit": lambda: junit.of_gates(results),
        "sarif-verify": lambda: _all_texts(sarif.of_verification(verification, tool_version="1")),
        "junit-verify": lambda: junit.of_verification(verification),
    }[fits]()
    assert "z" in made
    assert not set(UNSAFE) & set(made)


def _all_texts(document: Any) -> str:
    if isinstance(document, dict):
        return "".join(map(_all_texts, [*document, *document.values()]))
    return "".join(map(_all_texts, document)) if isinstance(document, list) else str(document)


def test_sarif_places_every_violation_and_knows_its_rule() -> None:
    (run,) = sarif.of_gates([PASSED, FAILED, SILENT, SKIPPED], tool_version="1.2")["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("tospec", "1.2")
    assert [r["ruleId"] for r in run["results"]] == ["bad/wrong", "bad/wrong", "silent"]
    assert {r["ruleId"] for r in run["results"]} == {rule["id"] for rule in driver["rules"]}
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "app/%C3%A4%20b%25.py", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 1, "startColumn": 3}
    assert "locations" not in run["results"][2]
    (notice,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notice["message"]["text"] == "idle was skipped: on request: x"


def test_sarif_tells_of_cases_that_failed_or_could_not_be_judged() -> None:
    cases = [_case(o) for o in (Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE)]
    document = sarif.of_verification(_verification(Outcome.FAILED, *cases), tool_version="1")
    (run,) = document["runs"]
    assert [r["level"] for r in run["results"]] == ["error", "warning"]
    location = run["results"][0]["locations"][0]
    assert location["physicalLocation"]["region"] == {"startLine": 12}
    assert location["logicalLocations"] == [{"fullyQualifiedName": "operation StartTask"}]
    assert run["results"][0]["properties"]["replay"] == ["curl -s $URL/tasks"]
    assert json.loads(json.dumps(document)) == document


def _parsed(text: str) -> Element:
    return fromstring(text)  # noqa: S314 - made here, by the function under test


def test_junit_has_a_test_for_each_gate() -> None:
    (suite,) = _parsed(junit.of_gates([PASSED, FAILED, SILENT, SKIPPED]))
    assert {k: suite.get(k) for k in ("tests", "failures", "errors", "skipped")} == {
        "tests": "4", "failures": "2", "errors": "0", "skipped": "1",
    }  # fmt: skip
    marks = {test.get("name"): [child.tag for child in test] for test in suite}
    assert marks == {"good": [], "bad": ["failure"], "silent": ["failure"], "idle": ["skipped"]}
    told = suite[1][0].text or ""
    assert [line.partition(": ")[0] for line in told.split("\n")] == [
        "app/ä b%.py:1:3", "app/ä b%.py:2:3",
    ]  # fmt: skip
    assert "<b>&\"'" in told


def test_junit_has_a_test_for_each_case_and_an_error_for_a_run_that_proves_nothing() -> None:
    cases = [_case(o) for o in Outcome]
    (suite, run) = _parsed(junit.of_verification(_verification(Outcome.FAILED, *cases)))
    assert [[child.tag for child in test] for test in suite] == [
        [], ["failure"], ["error"], ["skipped"],
    ]  # fmt: skip
    assert run.get("errors") == "1"
    passed = _parsed(junit.of_verification(_verification(Outcome.PASSED, cases[0])))
    assert [each.get("name") for each in passed] == ["verify.role-matrix"]
    nothing = _parsed(junit.of_verification(_verification(Outcome.INCONCLUSIVE)))
    assert nothing[0].get("errors") == "1"
