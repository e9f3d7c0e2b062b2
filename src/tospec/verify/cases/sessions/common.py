"""What the cases about accounts share."""

import time
from collections.abc import Callable
from typing import Final

from tospec.model import Auth, System
from tospec.verify.base import Answer, PlannedCase, Stage, Unavailable
from tospec.verify.probes.accounts import named
from tospec.verify.probes.judging import Expectation, Trial, expectation, succeeded
from tospec.verify.probes.topics import Run, about

NAME: Final = "sessions"
_PAUSE_SECONDS: Final = 0.25


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


def expect_in_time(
    stage: Stage, trial: Trial, what: str, ask: Callable[[], Answer], wanted: Expectation
) -> None:
    """Hold an answer to somebody who has lost access against what it must be.

    Where a delay is declared, `ask` is asked again until the answer is right or the delay over.
    """
    end = time.monotonic() + stage.session_delay
    answer = ask()
    while wanted.fault(answer) and time.monotonic() < end:
        time.sleep(_PAUSE_SECONDS)
        answer = ask()
    trial.expect(what, answer, wanted)
