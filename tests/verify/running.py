"""Running cases that a test makes up, against a target that it makes up."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.verify.hostile import responding
from tospec.evidence import Outcome, Verification
from tospec.model.system import System
from tospec.verify.base import Judgement, Person, PlannedCase, Stage, Unavailable
from tospec.verify.people.source import Grant, person_name
from tospec.verify.run import Options, verify
from tospec.verify.wire.client import Limits
from tospec.verify.wire.target import target_of

type Run = Callable[[Stage], Judgement]
CANARY = "canary-5e1f-of-a-token"
PASSED = Judgement(outcome=Outcome.PASSED)


@dataclass(frozen=True, slots=True)
class Given:
    """A kind of case that is whatever a test needs."""

    cases: tuple[PlannedCase, ...]
    name: str = "given"

    def plan(self, system: System) -> Iterator[PlannedCase]:
        """Yield the cases."""
        yield from self.cases


class Everybody:
    """A source that has anybody, with one token."""

    def grant(self, role: str, tenant: int, number: int) -> Grant:
        """Return somebody."""
        name = person_name(role, tenant, number)
        person = Person(name=name, role=role, tenant=tenant, number=number)
        return Grant(person=person, headers={"authorization": f"Bearer {CANARY}"})

    def renew(self, grant: Grant) -> Grant:
        """Return the same."""
        return grant

    def account(self, person: Person) -> dict[str, str]:
        """Refuse."""
        raise Unavailable(person.name)


def case(name: str, run: Run, **more: Any) -> PlannedCase:
    """Return a case about an entity of its own."""
    defaults: dict[str, Any] = {"kind": "given", "element": f"entity {name}", "rule": "It is so."}
    return PlannedCase(id=f"given/{name}", run=run, **(defaults | more))


def asking(stage: Stage) -> Judgement:
    """Judge whether the target answers 200."""
    answer = stage.send(None, "GET", "/x")
    outcome = Outcome.PASSED if answer.status == 200 else Outcome.FAILED
    return Judgement(outcome=outcome, expected="200", got=f"{answer.status} {answer.fault}")


def raising(fault: Exception) -> Run:
    def run(stage: Stage) -> Judgement:
        stage.send(None, "GET", "/x")
        raise fault

    return run


def spent(cases: Sequence[PlannedCase], url: str, system: System, **options: Any) -> Verification:
    """Run cases against a target."""
    defaults: dict[str, Any] = {"limits": Limits(seconds=1.0), "source": Everybody(), "jobs": 2}
    chosen = Options(**(defaults | options))
    return verify(system, target_of(url), [Given(tuple(cases))], chosen)


@contextmanager
def target(status: str = "200 OK", body: bytes = b"{}") -> Iterator[str]:
    """Serve one answer for everything."""
    with responding(lambda _: (status, body)) as found:
        yield found.url


def outcomes(verification: Verification) -> dict[str, Outcome]:
    """Return outcomes by the name of the case."""
    return {case.id.removeprefix("given/"): case.outcome for case in verification.cases}
