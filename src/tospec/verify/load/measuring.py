"""Measuring a budget: rows, people, questions; then all of them at once."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from tospec.model import Budget, Kind
from tospec.verify.base import Answer, Crowd, Person, Request, Stage, Unavailable
from tospec.verify.ledger import made_id
from tospec.verify.load.asking import WARM, Asked, Asking
from tospec.verify.load.control import control
from tospec.verify.load.filling import Filling
from tospec.verify.load.meter import Meter, metered
from tospec.verify.load.questions import Question, questions
from tospec.verify.load.samples import Samples
from tospec.verify.load.situations import Situations, roles_needed
from tospec.verify.oracle.contract import success, told
from tospec.verify.oracle.planning import Planner
from tospec.verify.wire.admission import NotAllowedError
from tospec.verify.wire.exchange import is_success

_LONGEST: Final = 1200.0
"""Seconds after which no more is measured."""
_SLOWER: Final = 1.25


@dataclass(slots=True)
class Measured:
    """What came of measuring a budget.

    Attributes:
        reason: Why it could not be measured; empty if it was.
        samples: What came of each question, by its name.
        reasons: Why a question could not be asked, by its name.
        spare: A request of each question that was not sent yet.
        load: What was going on, in words.
        meter: What those who asked had of the machine.
        control: What was measured of a stub, in words.
        sees: Whether that is what the stub does.
    """

    reason: str = ""
    samples: dict[str, Samples] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    spare: dict[str, Request] = field(default_factory=dict)
    load: str = ""
    meter: Meter = field(default_factory=Meter)
    control: str = ""
    sees: bool = False


def measure(stage: Stage, planner: Planner, budget: Budget) -> Measured:
    """Bring the situation of a budget about, measure, and clean up."""
    found = Measured()
    try:
        _Measurement(stage, planner, budget, found).run()
    except Unavailable as refusal:
        found.reason = str(refusal)
    finally:
        stage.busy("", 0, 0)
    return found


class _Measurement:
    """The measurement of one budget."""

    def __init__(self, stage: Stage, planner: Planner, budget: Budget, found: Measured) -> None:
        self.system = stage.system
        self._stage = stage
        self._budget = budget
        self._found = found
        self._questions = tuple(questions(stage.system, budget))
        self._planner = planner
        self._random = Random(stage.random.random())  # noqa: S311 - the order of requests

    def run(self) -> None:
        """Bring the situation about, measure, and clean up."""
        self._control()
        crowd = self._stage.crowd(self._people())
        situations = Situations(self._stage, self._planner, crowd)
        filling = Filling(self._stage, crowd, self._budget, situations)
        try:
            rows = filling.fill()
            asking = Asking(self._stage, situations, rows, self._budget, self._random)
            self._ask(crowd, self._made_ready(asking), filling)
            self._found.load = self._told(rows.total, crowd)
        finally:
            if self._stage.cleans_up:
                filling.clear()
            else:
                filling.keep()
            crowd.disperse()

    def _control(self) -> None:
        limits = [most for each in self._budget.times for _, most in each.limits]
        delay = _SLOWER * max(limits, default=100)
        samples, self._found.sees = control(delay, self._budget.users or 1)
        self._found.control = f"a stub that takes {delay:.0f} ms: {samples.told()}"

    def _people(self) -> list[Person]:
        """Return as many people as there are users, of all roles that may ask for something.

        Raises:
            Unavailable: If there are not so many.
        """
        roles = roles_needed(self._stage.system, [each.operation for each in self._questions])
        many = self._budget.users or 0
        found: list[Person] = []
        for place in range(many if roles else 0):
            self._stage.busy("Letting people in", place, many)
            role, number = roles[place % len(roles)], place // len(roles)
            found.append(self._stage.person(role, number=number))
        if not found:
            raise Unavailable("nobody may ask for what the budget is about")
        return found

    def _made_ready(self, asking: Asking) -> Mapping[Question, list[Asked]]:
        ready: dict[Question, list[Asked]] = {}
        for done, question in enumerate(self._questions):
            self._stage.busy("Making requests ready", done, len(self._questions))
            try:
                ready[question] = asking.requests(question)
            except Unavailable as refusal:
                self._found.reasons[question.name] = str(refusal)
        self._found.spare = asking.spare
        return ready

    def _ask(self, crowd: Crowd, ready: Mapping[Question, list[Asked]], filling: Filling) -> None:
        """Warm up, then measure."""

        def seen(number: int, question: Question, answer: Answer) -> None:
            made = made_id(answer) if is_success(answer) else None
            if made and question.operation.kind is Kind.CREATE:
                filling.note(number, question.operation.entity, made)

        warm = {question: asked[:WARM] for question, asked in ready.items()}
        _Round(self, crowd, warm, {each.name: Samples() for each in ready}, seen).run("Warming up")
        rest = {question: asked[WARM:] for question, asked in ready.items()}
        self._found.samples = {each.name: Samples() for each in ready}
        with metered() as self._found.meter:
            _Round(self, crowd, rest, self._found.samples, seen).run("Measuring")

    def _told(self, total: int, crowd: Crowd) -> str:
        budget = self._budget
        waited = f"; {crowd.held_back} waits for rate limits" if crowd.held_back else ""
        return (
            f"{total:,} rows of {budget.entity}, {budget.users} users with a pause of "
            f"{budget.pause} ms; asking took {100 * self._found.meter.share:.0f} % of a core, and "
            f"this machine woke up {self._found.meter.late:.1f} ms late{waited}"
        )

    def pause(self) -> float:
        """Return for how many seconds somebody waits before the next request."""
        return self._random.uniform(0.5, 1.5) * self._budget.pause / 1000

    def busy(self, what: str, done: int, total: int) -> None:
        """Tell how far a round is."""
        self._stage.busy(what, done, total)


class _Round:
    """Everybody asks what is theirs to ask, in an order chosen by chance."""

    def __init__(
        self,
        measurement: _Measurement,
        crowd: Crowd,
        ready: Mapping[Question, Sequence[Asked]],
        samples: Mapping[str, Samples],
        seen: Callable[[int, Question, Answer], None],
    ) -> None:
        self._measurement = measurement
        self._system = measurement.system
        self._crowd = crowd
        self._samples = samples
        self._seen = seen
        self._until = time.monotonic() + _LONGEST
        self._hands: list[list[tuple[Question, Request]]] = [[] for _ in crowd.people]
        for question, asked in ready.items():
            for number, request in asked:
                self._hands[number].append((question, request))

    def run(self, what: str) -> None:
        """Let everybody ask."""
        total = max(map(len, self._hands), default=0)

        def act(number: int) -> None:
            hand = self._hands[number]
            Random(number).shuffle(hand)  # noqa: S311 - the order of requests
            time.sleep(self._measurement.pause() * number / len(self._hands))
            for question, request in hand:
                if time.monotonic() > self._until:
                    return
                self._ask(number, question, request)
                if len(hand) == total:
                    self._measurement.busy(what, len(self._samples[question.name]), total)
                time.sleep(self._measurement.pause())

        self._crowd.work(act)

    def _ask(self, number: int, question: Question, request: Request) -> None:
        samples = self._samples[question.name]
        try:
            answer = self._crowd.send(number, request)
        except NotAllowedError as refusal:
            samples.refuse(str(refusal))
            return
        if success(self._system, question.operation).fits(answer):
            samples.add(answer)
        else:
            samples.refuse(told(answer))
        self._seen(number, question, answer)
