"""Results as JUnit's XML, which every CI shows."""

import itertools
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from tospec.evidence import Case, GateResult, Outcome, Verification, Violation
from tospec.report.plain import line, plain


def of_gates(results: Sequence[GateResult]) -> str:
    """Return one suite with a test for each gate."""
    return _document([("gate", [_gate(result) for result in results])])


def of_verification(verification: Verification) -> str:
    """Return a suite for each kind of case, with a test for each case.

    A run that did not come to its end, or judged nothing, has an error of its own.
    """
    ordered = sorted(verification.cases, key=lambda case: case.kind)
    groups = itertools.groupby(ordered, key=lambda case: case.kind)
    suites = [(f"verify.{kind}", [_case(case) for case in cases]) for kind, cases in groups]
    if verification.outcome is not Outcome.PASSED:
        suites.append(("verify", [_run(verification)]))
    return _document(suites)


def _gate(result: GateResult) -> Element:
    test = _test("gate", result.gate, result.seconds)
    if result.outcome is Outcome.SKIPPED:
        SubElement(test, "skipped", message=line(result.reason))
    elif result.outcome is not Outcome.PASSED:
        count = len(result.violations)
        message = line(result.reason) or f"{count} violations"
        failure = SubElement(test, "failure", message=message, type=result.gate)
        failure.text = "\n".join(_violation(each) for each in result.violations)
    return test


def _violation(found: Violation) -> str:
    numbers = f":{found.line}:{found.column}" if found.line else ""
    place = f"{line(found.path)}{numbers}: " if found.path else ""
    return f"{place}{line(found.message)} {line(found.fix)}"


def _case(case: Case) -> Element:
    test = _test(f"verify.{case.kind}", case.id, 0.0)
    if case.outcome is Outcome.SKIPPED:
        SubElement(test, "skipped", message=line(case.detail))
    elif case.outcome is not Outcome.PASSED:
        is_failed = case.outcome is Outcome.FAILED
        message = line(case.rule if is_failed else case.detail)
        failure = SubElement(
            test, "failure" if is_failed else "error", message=message, type=case.outcome.value
        )
        failure.text = "\n".join(_told(case))
    return test


def _told(case: Case) -> Iterable[str]:
    yield f"element: {line(case.element)}"
    if case.requirements:
        yield f"requirements: {line(', '.join(case.requirements))}"
    yield f"rule: {line(case.rule)} ({line(case.reference)})"
    yield f"expected: {line(case.expected)}"
    yield f"got: {line(case.got)}"
    yield from (plain(each) for each in case.replay.lines)


def _run(verification: Verification) -> Element:
    test = _test("verify", "the run as a whole", verification.seconds)
    message = line(verification.reason) or f"The run {verification.outcome.value}."
    SubElement(test, "error", message=message, type=verification.outcome.value)
    return test


def _test(classname: str, name: str, seconds: float) -> Element:
    return Element("testcase", classname=line(classname), name=line(name), time=f"{seconds:.3f}")


def _document(suites: Iterable[tuple[str, list[Element]]]) -> str:
    root = Element("testsuites", name="tospec")
    for name, tests in suites:
        suite = SubElement(root, "testsuite", {"name": line(name), **_counts(tests)})
        suite.extend(tests)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _counts(tests: list[Element]) -> dict[str, str]:
    kinds = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    counted = {key: str(sum(t.find(tag) is not None for t in tests)) for key, tag in kinds.items()}
    return {"tests": str(len(tests)), **counted}
