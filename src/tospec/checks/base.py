"""What a check is, and how its findings become escalations.

A check is a function from a system to findings. It lives in a module of its own, named after it, in
the folder of its domain, and is found by walking the package: adding a check is adding a file.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from inspect import getdoc
from pkgutil import walk_packages

from tospec.diagnostics import Blocker, Domain, Escalation
from tospec.model import Authority, System
from tospec.source import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One place where a spec leaves something open or contradicts itself.

    Attributes:
        subject: What it is about, as the spec names it: `Task`, `Task.assignee`, `task:update`.
        span: Where the spec speaks of it.
        problem: What is open, in one or two sentences.
        questions: What an implementer would ask.
        options: Possible answers, the likeliest first, each as the spec would say it.
        impact: What cannot be built, or what goes wrong, until it is answered.
    """

    subject: str
    span: Span
    problem: str
    questions: tuple[str, ...]
    options: tuple[str, ...]
    impact: str


type Rule = Callable[[System], Iterator[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A rule of assessment with its identity.

    Attributes:
        code: `TS` and four digits.
        name: kebab-case name; reads after "the spec has …".
        domain: Whose authority decides.
        blocker: Why an implementer would have to ask.
        convention: Convention that answers the question for whoever adopts it; empty when only
            the spec itself can.
        blocking: Whether an open finding stops a build; otherwise it is advice.
        answerable: Whether a decision block answers it, without a change of the element itself.
    """

    code: str
    name: str
    domain: Domain
    blocker: Blocker
    convention: str
    blocking: bool
    answerable: bool
    rule: Rule

    @property
    def documentation(self) -> str:
        """The rule's docstring: what it finds, why it matters, how to fix it."""
        return getdoc(self.rule) or ""


def check(
    code: str,
    domain: Domain,
    blocker: Blocker,
    *,
    convention: str = "",
    blocking: bool = True,
    answerable: bool = False,
) -> Callable[[Rule], Check]:
    """Turn the decorated function into the check named after it."""

    def decorate(rule: Rule) -> Check:
        return Check(
            code=code,
            name=rule.__name__.replace("_", "-"),
            domain=domain,
            blocker=blocker,
            convention=convention,
            blocking=blocking,
            answerable=answerable,
            rule=rule,
        )

    return decorate


@cache
def discover(package: str = "tospec.checks") -> tuple[Check, ...]:
    """Return every check below `package`, in order of code."""
    root = import_module(package)
    modules = [import_module(m.name) for m in walk_packages(root.__path__, f"{package}.")]
    found = {c.code: c for m in modules for c in vars(m).values() if isinstance(c, Check)}
    return tuple(found[code] for code in sorted(found))


def assess(system: System, checks: Iterable[Check]) -> tuple[Escalation, ...]:
    """Return what the spec leaves open, in order of place, then code, then subject.

    A finding is settled, and left out, when a convention that the spec adopted answers it and the
    authority table lets a convention decide, or when a decision block answers it.
    """
    answered = {decision.answers for decision in system.decisions}
    found = [
        _escalation(check, finding, authority(system, check.domain))
        for check in checks
        if not _settled_by_convention(system, check)
        for finding in check.rule(system)
    ]
    still_open = (e for e in found if not (e.answerable and e.id in answered))
    return tuple(sorted(still_open, key=lambda e: (e.span, e.code, e.subject)))


def authority(system: System, domain: Domain) -> Authority:
    """Return who may decide gaps of `domain`; the spec alone where it does not say."""
    return dict(system.authority).get(domain, Authority.SPEC)


def _settled_by_convention(system: System, check: Check) -> bool:
    may_decide = authority(system, check.domain) is Authority.FULL
    return bool(check.convention) and may_decide and system.has(check.convention)


def _escalation(check: Check, finding: Finding, decides: Authority) -> Escalation:
    return Escalation(
        code=check.code,
        check=check.name,
        domain=check.domain,
        authority=decides,
        blocker=check.blocker,
        blocking=check.blocking,
        answerable=check.answerable,
        convention=check.convention,
        subject=finding.subject,
        span=finding.span,
        problem=finding.problem,
        questions=finding.questions,
        options=finding.options,
        impact=finding.impact,
    )
