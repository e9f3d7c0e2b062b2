"""What an examination finds: each thing that was looked at, and which verbs need it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a look. Only `missing` keeps a verb from working."""

    OK = "ok"
    OPTIONAL = "optional"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen.

    Attributes:
        said: What is there, or what is wrong, in one line; never a secret.
        mend: The command, or else the words, that mend it; empty when nothing has to be.
    """

    outcome: Outcome
    said: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """Something to look at.

    Attributes:
        name: Name in kebab-case, such as `formatter`.
        look: Looks, and changes nothing. What it raises is a finding as well.
    """

    name: str
    look: Callable[[], Seen]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a probe saw, and the verbs that need it, in the order of the verbs."""

    name: str
    outcome: Outcome
    said: str
    mend: str
    needed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerbHealth:
    """Whether a verb can work.

    Attributes:
        verb: The verb, such as `build`.
        missing: What it lacks, in the order of the findings.
    """

    verb: str
    missing: tuple[Finding, ...]

    @property
    def ready(self) -> bool:
        """Whether it lacks nothing."""
        return not self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Everything that was looked at."""

    findings: tuple[Finding, ...]
    verbs: tuple[VerbHealth, ...]

    @property
    def ready(self) -> bool:
        """Whether every verb can work."""
        return all(verb.ready for verb in self.verbs)


def fine(said: str) -> Seen:
    """Return that something is as it should be."""
    return Seen(Outcome.OK, said)


def optional(said: str, mend: str = "") -> Seen:
    """Return that something could be better, and no verb needs it."""
    return Seen(Outcome.OPTIONAL, said, mend)


def missing(said: str, mend: str) -> Seen:
    """Return that something is not as it has to be."""
    return Seen(Outcome.MISSING, said, mend)
