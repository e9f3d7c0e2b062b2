"""The report as one HTML page that works offline."""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tospec.evidence import Case, Outcome, TestResult, Verification
from tospec.report.diagrams import entities_svg, lifecycle_svg
from tospec.report.implementation import EVERYBODY
from tospec.report.plain import plain
from tospec.report.report import Report, passed
from tospec.report.trace import State

_OUTCOMES = (Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.SKIPPED)


def as_html(report: Report) -> str:
    """Return the report as a page: no other file, no request, no secret, every text escaped."""
    system, verification = report.system, report.executed.verification
    style, script = _asset("style.css"), _asset("script.js")
    page = _environment().get_template("page.html.j2")
    lifecycles = [(e.name, e.lifecycle) for e in system.entities if e.lifecycle is not None]
    cases = verification.cases if verification else ()
    return page.render(
        report=report,
        system=system,
        states=tuple(State),
        everybody=EVERYBODY,
        outcomes=_OUTCOMES,
        tests=_counts(report.executed.current_tests),
        cases=_counts(report.executed.cases),
        gates_passed=passed(report.gates),
        verification=verification,
        case_kinds=_by_kind(cases),
        failures=_unwelcome(cases),
        entities_picture=Markup(entities_svg(system.entities)),  # noqa: S704 - drawn by us
        lifecycle_pictures=[
            (name, Markup(lifecycle_svg(name, each)))  # noqa: S704 - drawn by us
            for name, each in lifecycles
        ],
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def verification_as_html(verification: Verification) -> str:
    """Return a verification as a page: no other file, no request, no secret, every text escaped."""
    style = _asset("style.css")
    return (
        _environment()
        .get_template("verified.html.j2")
        .render(
            verification=verification,
            outcomes=_OUTCOMES,
            case_kinds=_by_kind(verification.cases),
            failures=_unwelcome(verification.cases),
            style=style,
            style_hash=_hash(style),
        )
    )


def _unwelcome(cases: Iterable[Case]) -> list[Case]:
    return [case for case in cases if case.outcome in {Outcome.FAILED, Outcome.INCONCLUSIVE}]


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("tospec.report.page", "."),
        autoescape=True,
        finalize=_readable,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _readable(value: object) -> object:
    """Leave out of a text what no page can show, and what turns the text around it."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _asset(name: str) -> Markup:
    text = (resources.files(__name__) / name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 - a file of ours


def _hash(text: str) -> str:
    """Return what a content security policy calls this very text."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _counts(executed: Sequence[TestResult] | Sequence[Case]) -> dict[str, int]:
    good = sum(each.outcome is Outcome.PASSED for each in executed)
    return {"passed": good, "all": len(executed)}


def _by_kind(cases: Iterable[Case]) -> list[tuple[str, Counter[Outcome]]]:
    found: dict[str, Counter[Outcome]] = {}
    for case in cases:
        found.setdefault(case.kind, Counter())[case.outcome] += 1
    return sorted(found.items())
