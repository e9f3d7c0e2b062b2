"""Questions that a spec leaves open, as data."""

from dataclasses import dataclass
from enum import StrEnum

from tospec.source import Span


class Domain(StrEnum):
    """Part of a system for which a spec's authority table says who may decide."""

    API = "api"
    DATA = "data"
    LIFECYCLE = "lifecycle"
    POLICY = "policy"
    EVENTS = "events"
    ACCOUNTS = "accounts"
    OPERATIONS = "operations"
    JOBS = "jobs"
    INTEGRATIONS = "integrations"
    WEBHOOKS = "webhooks"
    REQUIREMENTS = "requirements"


class Blocker(StrEnum):
    """Why an implementer would have to ask."""

    AMBIGUITY = "ambiguity"
    MISSING_DETAIL = "missing detail"
    CONTRADICTION = "contradiction"
    UNDEFINED_BEHAVIOUR = "undefined behaviour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """A question that the spec must answer before it can be built, or advice.

    Attributes:
        code: Identity of the check, `TS` and four digits.
        check: Name of the check in kebab-case.
        domain: Whose authority decides.
        authority: Who may decide, as the spec says (`full`, `spec`, `escalate`, `refuse`).
        blocker: Why an implementer would have to ask.
        blocking: Whether it stops a build; otherwise it is advice.
        answerable: Whether a decision block that names `id` in `answers` settles it.
        convention: Convention that would settle it, if adopted and allowed to; may be empty.
        subject: What it is about, as the spec names it: `Task`, `Task.assignee`, `task:update`.
        span: Where the spec speaks of it.
        problem: What is open, in one or two sentences.
        questions: What an implementer would ask.
        options: Possible answers, the likeliest first, each as the spec would say it.
        impact: What cannot be built, or what goes wrong, until it is answered.
    """

    code: str
    check: str
    domain: Domain
    authority: str
    blocker: Blocker
    blocking: bool
    answerable: bool
    convention: str
    subject: str
    span: Span
    problem: str
    questions: tuple[str, ...]
    options: tuple[str, ...]
    impact: str

    @property
    def id(self) -> str:
        """What a decision block names in `answers`: code and subject."""
        return f"{self.code} {self.subject}"
