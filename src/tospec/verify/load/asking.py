"""Requests by which a question is asked: as many as it takes, by several people."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final

from tospec.model import Budget, Entity, Kind
from tospec.verify.base import Json, Request, Stage, Unavailable
from tospec.verify.load.filling import Rows
from tospec.verify.load.questions import BROAD, LIMIT, NEXT, PLAIN, SEARCH, Question
from tospec.verify.load.situations import Situations, Staged
from tospec.verify.oracle.filters import How
from tospec.verify.oracle.naming import relation_name
from tospec.verify.oracle.wire import to_query
from tospec.verify.scene.accounts import MEASURED, Accounts
from tospec.verify.scene.listing import LARGEST_PAGE, items_of, next_of
from tospec.verify.wire.exchange import is_success

WARM: Final = 5
"""Requests of each question that are not measured."""
_ASKERS: Final = 10
_LEAST_WORD: Final = 2

type Asked = tuple[int, Request]
"""A request, and the place of who asks in the crowd."""


@dataclass(slots=True)
class Asking:
    """Makes the requests of questions.

    Attributes:
        turn: Whose turn it is, so that all people ask about as often.
        spare: A request of each question that is not sent while it is measured, by its name. It
            is about what stays until the end of the run.
    """

    stage: Stage
    situations: Situations
    rows: Rows
    budget: Budget
    random: Random
    turn: int = 0
    spare: dict[str, Request] = field(default_factory=dict)

    def requests(self, question: Question) -> list[Asked]:
        """Return the requests of a question: those to warm up with, then those to measure.

        Raises:
            Unavailable: If there is no situation in which it can be asked.
        """
        wanted = WARM + question.samples + 1
        askers = self._askers(question)
        if not askers:
            raise Unavailable(
                f"nobody of those who take part can ask for {question.operation.name}"
            )
        share = -(-wanted // len(askers))
        found = [each for number in askers for each in self._by(question, number, share)]
        if len(found) < wanted:
            raise Unavailable(f"only {len(found)} of {wanted} requests could be made ready")
        _, last = found.pop()
        self.spare.setdefault(question.name, last)
        self.random.shuffle(found)
        return found[: wanted - 1]

    def _askers(self, question: Question) -> list[int]:
        """Return who asks: of those who can, the next ones whose turn it is."""
        who = self.situations.who_may(question.operation)
        if question.operation.kind is not Kind.ACCOUNT:
            who = [n for n in who if self.situations.plotted(question.operation, n) is not None]
        start = self.turn % max(len(who), 1)
        self.turn += _ASKERS
        return [*who[start:], *who[:start]][:_ASKERS]

    def _by(self, question: Question, number: int, many: int) -> Iterator[Asked]:
        person = self.situations.crowd.people[number]
        if question.operation.kind is Kind.ACCOUNT:
            yield from self._of_account(question, number, many)
            return
        if question.operation.kind is Kind.LIST and "{" not in question.operation.path:
            plain = Request(
                method=question.operation.method, path=question.operation.path, person=person
            )
        else:
            staged = self.situations.staged(question.operation, number)
            if staged is None:
                return
            if question.operation.kind.is_query:
                plain = staged.scene.request(staged.step)
            else:
                yield from _changes(staged, number, many)
                return
            self.spare.setdefault(question.name, plain)
            known = self._among_many(staged, plain)
            if question.operation.kind is not Kind.LIST:
                yield from ((number, self.random.choice(known)) for _ in range(many))
                return
            plain = known[0]
        asked = self._varied(question, number, plain)
        yield from ((number, asked) for _ in range(many))

    def _of_account(self, question: Question, number: int, many: int) -> Iterator[Asked]:
        if question.operation.name not in MEASURED:
            return
        person = self.situations.crowd.people[number]
        request = Accounts(self.stage).request(question.operation, person)
        if question.operation.name in {"ListUsers", "ListInvitations", "ListAuditEntries"}:
            request = self._varied(question, number, request)
        yield from ((number, request) for _ in range(many))

    def _among_many(self, staged: Staged, plain: Request) -> list[Request]:
        """Return the request about rows of which there are many, if it succeeds about these."""
        key = staged.step.on
        row = staged.plot.world.rows.get(key or "")
        ids = self.rows.of(row.entity, self.budget) if row else []
        several = self.random.sample(ids, min(len(ids), _ASKERS))
        found = [staged.scene.request(staged.step, ids=(id_,)) for id_ in several]
        return [each for each in found if is_success(staged.scene.send(each))] or [plain]

    def _varied(self, question: Question, number: int, plain: Request) -> Request:
        """Return a request for a list with the parameter that the question is about."""
        if question.variant == PLAIN:
            return plain
        if question.variant == LIMIT:
            return replace(plain, query=(("limit", str(LARGEST_PAGE)),))
        if question.variant.startswith("sort="):
            return replace(plain, query=(("sort", question.variant.removeprefix("sort=")),))
        page = self.situations.crowd.send(number, plain)
        if question.variant == NEXT:
            return replace(
                plain, query=(("cursor", _required(next_of(page), "there is one page")),)
            )
        entity = self.stage.system.entity(question.operation.entity)
        return replace(plain, query=(_narrowing(question, entity, items_of(page)),))


def _changes(staged: Staged, number: int, many: int) -> Iterator[Asked]:
    """Yield requests that change something, each about a row of its own."""
    for turn in range(many):
        again = staged.again(f"again-{turn}") if turn else staged
        yield number, again.scene.request(again.scene.chosen(again.step))


def _narrowing(question: Question, entity: Entity, items: list[Json]) -> tuple[str, str]:
    if question.variant in {SEARCH, BROAD}:
        words = (_word(item, name) for item in items for name in entity.listing.search)
        word = _required(next(filter(None, words), None), "no row in the list has a text")
        return "q", word if question.variant == SEARCH else word[0]
    narrowed = question.filter
    assert narrowed is not None  # noqa: S101 - for the type checker; what is left are filters
    relation = entity.relation(narrowed.member)
    member = narrowed.member if relation is None else relation_name(relation)
    values = (item.get(member) for item in items if isinstance(item, dict))
    value = next((each for each in values if each not in (None, [])), None)
    if narrowed.how is How.LINKED and isinstance(value, list):
        value = value[0]
    return narrowed.name, to_query(_required(value, f"no row in the list has {member}"))


def _word(item: Json, name: str) -> str | None:
    text = item.get(name) if isinstance(item, dict) else None
    words = text.split() if isinstance(text, str) else []
    return next((each for each in words if len(each) >= _LEAST_WORD and each.isalnum()), None)


def _required[Value](value: Value | None, why: str) -> Value:
    if value is None:
        raise Unavailable(f"it could not be asked: {why}")
    return value
