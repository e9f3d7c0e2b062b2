"""Results as SARIF 2.1.0, which code hosts and editors show at the lines that they are about."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final
from urllib.parse import quote

from tospec.evidence import Case, GateResult, Outcome, Verification, Violation
from tospec.report.plain import line, plain

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME: Final = "https://pypi.org/project/tospec/"
_REFERENCE: Final = re.compile(r"^(?P<file>[^:\s][^:]*\.[A-Za-z]+):(?P<line>\d+)\b")


def of_gates(results: Sequence[GateResult], *, tool_version: str) -> dict[str, Any]:
    """Return gates as one run: a result for each violation, a notice for each skipped gate."""
    found = [_violation(each, violation) for each in results for violation in each.violations]
    silent = [each for each in results if each.outcome is Outcome.FAILED and not each.violations]
    found += [_result(each.gate, "error", each.reason or each.title) for each in silent]
    rules = {f"{each.gate}/{v.rule}": v.fix for each in results for v in each.violations}
    rules |= {each.gate: each.title for each in silent}
    skipped = [each for each in results if each.outcome is Outcome.SKIPPED]
    notices = [_notice(f"{each.gate} was skipped: {each.reason}") for each in skipped]
    return _document(rules, found, notices, complete=True, version=tool_version)


def of_verification(verification: Verification, *, tool_version: str) -> dict[str, Any]:
    """Return a verification as one run: a result for each case that did not pass."""
    judged = [c for c in verification.cases if c.outcome in {Outcome.FAILED, Outcome.INCONCLUSIVE}]
    rules = {case.kind: f"Cases of the kind {case.kind}." for case in judged}
    notices = [_notice(f"Not judged: {text}") for text in verification.uncovered]
    notices += [_notice(verification.reason)] if verification.reason else []
    found = [_case(case) for case in judged]
    return _document(rules, found, notices, complete=verification.complete, version=tool_version)


def _document(
    rules: dict[str, str],
    results: Iterable[dict[str, Any]],
    notices: Iterable[dict[str, Any]],
    *,
    complete: bool,
    version: str,
) -> dict[str, Any]:
    described = [
        {"id": plain(name), "shortDescription": {"text": line(text) or name}}
        for name, text in sorted(rules.items())
    ]
    driver = {"name": "tospec", "version": version, "informationUri": _HOME, "rules": described}
    invocation = {"executionSuccessful": complete, "toolExecutionNotifications": list(notices)}
    run = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "results": list(results),
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _violation(result: GateResult, found: Violation) -> dict[str, Any]:
    document = _result(f"{result.gate}/{found.rule}", "error", f"{found.message} {found.fix}")
    if found.path:
        document["locations"] = [_location(found.path, found.line, found.column)]
    return document


def _case(case: Case) -> dict[str, Any]:
    level = "error" if case.outcome is Outcome.FAILED else "warning"
    said = f"{case.rule} Expected {case.expected}; got {case.got}. {case.detail}".strip()
    document = _result(case.kind, level, said)
    document["partialFingerprints"] = {"case/v1": plain(case.id)}
    place = _REFERENCE.match(case.reference)
    location = _location(place["file"], int(place["line"]), 0) if place else {}
    location["logicalLocations"] = [{"fullyQualifiedName": line(case.element)}]
    document["locations"] = [location]
    document["properties"] = {
        "outcome": case.outcome.value,
        "requirements": [plain(each) for each in case.requirements],
        "control": plain(case.control),
        "replay": [plain(each) for each in case.replay.lines],
    }
    return document


def _result(rule: str, level: str, message: str) -> dict[str, Any]:
    return {"ruleId": plain(rule), "level": level, "message": {"text": line(message) or rule}}


def _location(path: str, row: int, column: int) -> dict[str, Any]:
    place: dict[str, Any] = {
        "artifactLocation": {"uri": quote(plain(path)), "uriBaseId": "%SRCROOT%"}
    }
    if row > 0:
        place["region"] = {"startLine": row} | ({"startColumn": column} if column > 0 else {})
    return {"physicalLocation": place}


def _notice(text: str) -> dict[str, Any]:
    return {"level": "note", "message": {"text": line(text)}}
