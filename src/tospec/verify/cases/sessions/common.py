"""What the cases about accounts share."""

from typing import Final

from tospec.model import Auth, System
from tospec.verify.base import Answer, PlannedCase, Stage, Unavailable
from tospec.verify.probes.accounts import named
from tospec.verify.probes.judging import Expectation, Trial, expectation, succeeded
from tospec.verify.probes.topics import Run, about

NAME: Final = "sessions"


def case(
    system: System,
    operation: str,
    variant: str,
    rule: str,
    run: Run,
    *,
    reference: str = "OWASP ASVS 6 and 7",
    cost: int = 6,
    spoils: bool = False,
) -> PlannedCase:
    """Return a case about an operation of the convention."""
    topic = about(NAME, named(system, operation))
    return topic.case(variant, rule, run, reference=reference, cost=cost, spoils=spoils)


def rules_of(stage: Stage) -> Auth:
    """Return what the spec says about accounts.

    Raises:
        Unavailable: If it says nothing.
    """
    if stage.system.auth is None:
        message = "the system has no accounts"
        raise Unavailable(message)
    return stage.system.auth


def refused(system: System) -> Expectation:
    """Return the answer to credentials that are not, or no longer, valid."""
    return expectation(system, 401, "unauthenticated", tolerated=(400, 403, 404, 422))


def invalid(system: System) -> Expectation:
    """Return the answer to a body that is not valid."""
    return expectation(system, 422, tolerated=(400, 404, 409, 410))


def works(trial: Trial, what: str, answer: Answer) -> Answer:
    """Note a positive control that has to succeed."""
    trial.control(what, answer, works=succeeded(answer))
    return answer
