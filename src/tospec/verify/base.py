"""What cases are made of: people, requests, answers, a stage to act on, and a judgement.

A case kind is one module of `tospec.verify.cases`: it plans cases from the model alone, and each
case, when it runs, acts on a stage and judges what came back.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

from tospec.evidence import Outcome
from tospec.model.system import System

if TYPE_CHECKING:
    from tospec.verify.hooks.receiver import Receiver
    from tospec.verify.moving import TargetClock
    from tospec.verify.stubs.called import Stub

type Json = Any
"""What `json.loads` gives."""


class Placeholder(Enum):
    """What stands where a JSON value might; evidence shows it in words."""

    NOTHING = "nothing"
    FRESH = "a fresh value"

    def __repr__(self) -> str:
        """Return the words."""
        return self.value


NOTHING: Any = Placeholder.NOTHING
"""Stands for a body that is not sent, since `None` is the JSON value null."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can sign in. People of a tenant differ by `number`.

    Attributes:
        name: Label in replays and reports, such as `member-1@tenant-a`.
        role: Role of the spec.
        tenant: 0 for the first tenant, 1 for the other one.
        user_id: The id that the target gave; None if the target does not tell.
        tenant_id: The tenant's id; None if the target does not tell.
    """

    name: str
    role: str
    tenant: int
    number: int
    user_id: str | None = None
    tenant_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request in words: the wire adds the credentials of `person`.

    Attributes:
        path: Path from the base URL, percent-encoded, such as `/v1/tasks`.
        query: Names and values, not encoded.
        body: A JSON value, `bytes` sent as they are, or `NOTHING`.
        person: Who asks; None for nobody.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: Json | bytes = field(default_factory=lambda: NOTHING)
    person: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, bounded in size.

    Attributes:
        status: HTTP status; 0 when there was no answer.
        headers: By name in lower case; of repeated ones the values are joined by `, `.
        body: The bytes, cut at the limit.
        json: The parsed body; `NOTHING` when it is not JSON.
        fault: Why there is no usable answer (`timed out`, `too large`); empty when there is one.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    json: Json
    seconds: float
    fault: str = ""


class Crowd(Protocol):
    """People who ask at once. Of what they do nothing is recorded: it is far too much."""

    people: tuple[Person, ...]

    @property
    def held_back(self) -> int:
        """How often the target limited how often somebody asks, and was waited for."""

    def send(self, number: int, request: Request) -> Answer:
        """Send a request of a person; one that is refused by a rate limit is sent again later.

        Raises:
            Unavailable: If the run does not let it out.
        """

    def work(self, act: Callable[[int], None]) -> None:
        """Let everybody do their work side by side; returns when all have ended.

        Raises:
            Unavailable: If somebody's work raised it.
        """

    def disperse(self) -> None:
        """Close all connections; to be called when nobody works any longer."""


class Stage(Protocol):
    """Where a case acts: two tenants with people of each role, and a wire that records.

    Objects made through a stage are remembered and removed at the end of the run.
    """

    system: System
    random: Random

    def person(self, role: str, *, tenant: int = 0, number: int = 0) -> Person:
        """Return somebody with a role; the same arguments give the same person.

        Raises:
            Unavailable: If the target gives no credentials for such a person.
        """

    def fresh_person(self, role: str, *, tenant: int = 0) -> Person:
        """Return somebody whom no other case uses, for cases that spoil an account.

        Raises:
            Unavailable: If the target gives no credentials for such a person.
        """

    def send(
        self,
        person: Person | None,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
        body: Json | bytes = NOTHING,
    ) -> Answer:
        """Send a request and record it for the replay.

        A JSON value goes with `content-type: application/json`, bytes without any but the given
        one. Headers given here replace the person's and the usual ones of the same name.

        Raises:
            Unavailable: If the run does not let it out, such as after the end of its budget.
        """

    def race(self, requests: Sequence[Request]) -> list[Answer]:
        """Send requests at the same moment, each on its own connection."""

    def credentials(self, person: Person) -> Mapping[str, str]:
        """Return the headers that sign a person in, for cases that tamper with them."""

    def account(self, person: Person) -> Mapping[str, str]:
        """Return what a person sends to sign in: `email` and `password`.

        Raises:
            Unavailable: If that is not known, such as when credentials were given from outside.
        """

    @property
    def session_delay(self) -> float:
        """Seconds after which the target must have noticed that somebody lost access.

        It is the delay that whoever runs the target declares; 0 for at once.
        """

    @property
    def wants_budgets(self) -> bool:
        """Whether budgets are to be measured, which takes minutes and many rows."""

    @property
    def cleans_up(self) -> bool:
        """Whether what was made is to be removed."""

    def stub(self, integration: str) -> "Stub | None":
        """Return what stands in for a service; None if the target was not pointed at a stub."""

    @property
    def receiver(self) -> "Receiver | None":
        """What receives webhooks; None if the target has nowhere to deliver to."""

    @property
    def clock(self) -> "TargetClock | None":
        """What tells the target the time; None if the target goes by a clock of its own."""

    def signing(self, integration: str) -> str | None:
        """Return what signs the messages of a service; None if nobody said."""

    def apart(self, name: str) -> "Stage":
        """Return a stage on the same target whose exchanges are no part of this case's replay."""

    def crowd(self, people: Sequence[Person]) -> "Crowd":
        """Return people who ask at once, each on a connection of their own, unrecorded."""

    def busy(self, what: str, done: int, total: int) -> None:
        """Tell what the case is doing, how much of it is done, and how much; nothing: no more."""

    def leave(self, many: int, what: str) -> None:
        """Take down that so many things of a kind were made outside of the record, and stay."""

    def shared[Value](self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return what `make` gave for a key in this run, for things that several cases read.

        It is called once, by the first who asks; if it raises, the next one calls it again.
        """


class Unavailable(Exception):  # noqa: N818 - a state of the target, not an error of ours
    """The stage cannot give what a case needs; the case is inconclusive for this reason."""


class Refused(Exception):  # noqa: N818 - a finding about the target, not an error of ours
    """The target refused what the spec offers, and a control shows that nothing else is amiss.

    Args:
        expected: What should have come back.
        got: What was asked, and what came back.
        control: The positive control, and what it gave.
    """

    def __init__(self, expected: str, got: str, control: str) -> None:
        super().__init__(got)
        self.expected = expected
        self.got = got
        self.control = control


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a case concluded.

    Attributes:
        outcome: `inconclusive` when its positive control did not work.
        control: What the positive control was and gave, for negative cases.
    """

    outcome: Outcome
    expected: str = ""
    got: str = ""
    control: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCase:
    """A case before it runs.

    Attributes:
        id: Stable and unique: `<kind>/<element>/<variant>`.
        cost: Requests that it is likely to send, for the budget.
        spoils: Whether it changes what other cases use, so that it runs last.
        waits: Whether it mostly waits, so that many run side by side.
    """

    id: str
    kind: str
    element: str
    rule: str
    run: Callable[[Stage], Judgement]
    operation: str = ""
    requirements: tuple[str, ...] = ()
    reference: str = ""
    cost: int = 3
    spoils: bool = False
    waits: bool = False


class CaseKind(Protocol):
    """A way of asking: plans its cases from the model, in a stable order."""

    @property
    def name(self) -> str:
        """What ids of its cases begin with, such as `role-matrix`."""

    def plan(self, system: System) -> Iterator[PlannedCase]:
        """Yield the cases that a system calls for; nothing is sent."""
