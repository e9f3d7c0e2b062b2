"""Bringing a tenant to a number of rows, by the operations that the spec offers."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Final

from tospec.model import Budget, Entity, Kind, Operation
from tospec.verify.base import Crowd, Json, Request, Stage, Unavailable
from tospec.verify.ledger import made_id
from tospec.verify.load.situations import Situations, Staged
from tospec.verify.oracle.contract import success, told
from tospec.verify.oracle.steps import FRESH, PEOPLE, Step, sent_fields, sent_relations
from tospec.verify.scene.listing import LARGEST_PAGE, items_of, next_of
from tospec.verify.wire.exchange import is_success

LONGEST: Final = 1800.0
"""Seconds after which no more rows are made."""
_MOST_KNOWN: Final = 2_000
_IN_A_ROW: Final = 20
_NOT_FOUND: Final = 404


@dataclass(slots=True)
class Rows:
    """Rows of which there are many.

    Attributes:
        total: How many there are.
        ids: Some of them.
        made: What was made outside of the record, by whoever made it: entities and ids.
        above: The rows that these belong to, by entity.
    """

    total: int = 0
    ids: list[str] = field(default_factory=list)
    made: list[list[tuple[str, str]]] = field(default_factory=list)
    above: dict[str, list[str]] = field(default_factory=dict)

    def of(self, entity: str, budget: Budget) -> list[str]:
        """Return ids of rows of an entity that have to do with the many."""
        return self.ids if entity == budget.entity else self.above.get(entity, [])


class Filling:
    """Makes rows until there are as many as a budget says."""

    def __init__(self, stage: Stage, crowd: Crowd, budget: Budget, situations: Situations) -> None:
        self.rows = Rows(made=[[] for _ in crowd.people])
        self._stage = stage
        self._crowd = crowd
        self._budget = budget
        self._situations = situations
        self._wanted = budget.rows or 0
        self._begun = 0
        self._lock = Lock()
        self._until = time.monotonic() + LONGEST

    def fill(self) -> Rows:
        """Count the rows and make those that are missing.

        Raises:
            Unavailable: If they cannot be counted or made; it says how many there are.
        """
        self._count()
        creating = self._operation(Kind.CREATE)
        ways = self._ways(creating) if self.rows.total < self._wanted else {}
        self._begun = self.rows.total
        self._crowd.work(lambda number: self._make(number, ways.get(number)))
        if self.rows.total < self._wanted:
            raise Unavailable(
                f"{self.rows.total:,} of {self._wanted:,} rows of {self._budget.entity} are there, "
                f"and no more could be made within {LONGEST:.0f} s"
            )
        return self.rows

    def note(self, number: int, entity: str, id_: str) -> None:
        """Take down what somebody made, so that it is removed at the end."""
        self.rows.made[number].append((entity, id_))

    def clear(self) -> None:
        """Remove what was made, the newest first; what stays is taken down."""
        self._until = time.monotonic() + LONGEST
        self._crowd.work(self._remove)
        self.keep()

    def keep(self) -> None:
        """Take down that what was made stays."""
        left = Counter(entity for made in self.rows.made for entity, _ in made)
        for entity, many in left.items():
            self._stage.leave(many, f"{entity}: made to measure a budget")

    def _operation(self, kind: Kind) -> Operation:
        found = next(self._operations(kind), None)
        if found is None:
            raise Unavailable(f"no operation makes rows of {self._budget.entity}")
        return found

    def _operations(self, kind: Kind) -> Iterator[Operation]:
        own = self._stage.system.operations_of(self._budget.entity)
        return (each for each in own if each.kind is kind)

    def _count(self) -> None:
        """Count the rows that are there, as far as somebody sees them in a list."""
        lists = (each for each in self._operations(Kind.LIST) if each.origin != "spec")
        listing = next((each for each in lists if "{" not in each.path), None)
        number = self._situations.first_who_may(listing) if listing else None
        query: tuple[tuple[str, str], ...] = (("limit", str(LARGEST_PAGE)),)
        cursor = "" if listing is not None and number is not None else None
        while cursor is not None and listing is not None and number is not None:
            asked = query if not cursor else (*query, ("cursor", cursor))
            request = Request(
                method=listing.method,
                path=listing.path,
                query=asked,
                person=self._crowd.people[number],
            )
            answer = self._crowd.send(number, request)
            found = items_of(answer)
            self.rows.total += len(found)
            self.rows.ids += _ids(found)[: _MOST_KNOWN - len(self.rows.ids)]
            cursor = next_of(answer) if self.rows.total < self._wanted else None

    def _ways(self, creating: Operation) -> dict[int, Staged]:
        """Return how people make rows, by person: each below rows of their own.

        Raises:
            Unavailable: If nobody can.
        """
        found: dict[int, Staged] = {}
        for number in range(len(self._crowd.people)):
            staged = self._situations.staged(creating, number)
            if staged is None:
                continue
            found[number] = replace(staged, step=self._richest(staged))
            for key, row in staged.scene.world.rows.items():
                if key in staged.scene.ids and row.entity != self._budget.entity:
                    self.rows.above.setdefault(row.entity, []).append(staged.scene.id_of(key))
        if not found:
            raise Unavailable(f"nobody of those who take part can ask for {creating.name}")
        return found

    def _richest(self, staged: Staged) -> Step:
        """Return the creation with as many members as the target takes."""
        entity = self._stage.system.entity(self._budget.entity)
        for step in _richer(entity, staged.step):
            answer = staged.scene.take(step)
            if success(self._stage.system, step.operation).fits(answer):
                self.rows.total += 1
                return step
        return staged.step

    def _make(self, number: int, staged: Staged | None) -> None:
        refused = 0
        while staged is not None and self._takes_one():
            request = staged.scene.request(staged.scene.chosen(staged.step))
            answer = self._crowd.send(number, request)
            id_ = made_id(answer) if is_success(answer) else None
            refused = 0 if id_ else refused + 1
            self._note(number, id_)
            if refused > _IN_A_ROW:
                raise Unavailable(f"{self.rows.total:,} rows are there; then {told(answer)}")

    def _takes_one(self) -> bool:
        """Whether one more row is to be made; it is counted before it is made."""
        with self._lock:
            if self._begun >= self._wanted or time.monotonic() > self._until:
                return False
            self._begun += 1
            done = self.rows.total
        if not done % _IN_A_ROW:
            self._stage.busy(f"Making {self._budget.entity} rows", done, self._wanted)
        return True

    def _note(self, number: int, id_: str | None) -> None:
        with self._lock:
            if id_ is None:
                self._begun -= 1
                return
            self.rows.total += 1
            self.note(number, self._budget.entity, id_)
            if len(self.rows.ids) < _MOST_KNOWN:
                self.rows.ids.append(id_)

    def _remove(self, number: int) -> None:
        mine, kept = self.rows.made[number], []
        while mine and time.monotonic() < self._until:
            entity, id_ = mine.pop()
            deleting = self._deleting(entity)
            if deleting is None or not self._is_gone(number, deleting, id_):
                kept.append((entity, id_))
            if number == 0 and not len(mine) % _IN_A_ROW:
                left = sum(map(len, self.rows.made))
                self._stage.busy("Removing rows", self._wanted - left, self._wanted)
        mine += kept

    def _deleting(self, entity: str) -> Operation | None:
        own = self._stage.system.operations_of(entity)
        return next((each for each in own if each.kind is Kind.DELETE), None)

    def _is_gone(self, number: int, deleting: Operation, id_: str) -> bool:
        head, _, rest = deleting.path.partition("{")
        request = Request(
            method=deleting.method,
            path=f"{head}{id_}{rest.partition('}')[2]}",
            headers=(("if-match", "*"),),
            person=self._crowd.people[number],
        )
        answer = self._crowd.send(number, request)
        return is_success(answer) or answer.status == _NOT_FOUND


def _richer(entity: Entity, step: Step) -> Iterator[Step]:
    """Yield the step with all fields and people that it may name, then with all fields."""
    fields = {each.name: FRESH for each in sent_fields(entity, updates=False)}
    people = {
        each.name: step.by.key
        for each in sent_relations(entity, updates=False)
        if each.to == PEOPLE and not each.many
    }
    yield replace(step, body={**people, **fields, **step.body})
    yield replace(step, body={**fields, **step.body})


def _ids(items: list[Json]) -> list[str]:
    found = (item.get("id") for item in items if isinstance(item, dict))
    return [id_ for id_ in found if isinstance(id_, str)]
