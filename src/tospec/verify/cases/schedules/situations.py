"""Rows for which a scheduled job is, those for which it is not, and from when on it is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from tospec.expression import And, Constant, Typed
from tospec.model import Entity, Expression, Job, Kind, Operation
from tospec.verify.oracle.interpreter import Around, value_of
from tospec.verify.oracle.planning import Goal, Planner, Plot, done
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.reading import parts
from tospec.verify.oracle.world import Key, Row, Somebody, Undetermined, World

_SOON: Final = 0.95
_LATE: Final = 1.05
_MARGIN: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A row that is there before a job runs.

    Attributes:
        wanted: Whether the job is for it.
    """

    plot: Plot
    wanted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Situations of one job.

    Attributes:
        after: How long after they came about the job is for the rows that it is for.
        not_yet: How long after they came about it is for none of them; None if it is at once.
        right: A row that it is for.
        wrong: Rows that it is not for, each since another part of the condition does not hold.
    """

    after: timedelta
    not_yet: timedelta | None
    right: Situation
    wrong: tuple[Situation, ...]


class Search:
    """Finds situations of one job.

    Args:
        planner: Finds those of operations.
        job: A job over rows, with a condition.
        where: The condition.
        operation: What reads one of the rows.
    """

    def __init__(self, planner: Planner, job: Job, where: Expression, operation: Operation) -> None:
        self._planner = planner
        self._job = job
        self._where = where
        self._operation = operation

    def found(self, tenant: int = 0) -> Found | None:
        """Return situations in which the job is for a row, and is not; None if none was found."""
        for after in self._waits():
            for goal in self._goals(tenant):
                right = self._plot(goal, after, None)
                if right is not None:
                    wrong = () if tenant else tuple(self._wrong(goal, after))
                    return Found(
                        after=after,
                        not_yet=self._not_yet(right, after),
                        right=Situation(plot=right, wanted=True),
                        wrong=wrong,
                    )
        return None

    def _wrong(self, goal: Goal, after: timedelta) -> Iterator[Situation]:
        for part in self._conjuncts():
            plot = self._plot(goal, after, part)
            if plot is not None:
                yield Situation(plot=plot, wanted=False)

    def _not_yet(self, right: Plot, after: timedelta) -> timedelta | None:
        earlier = [each for each in self._moments(_SOON) if each < after]
        fitting = [e for e in earlier if not self._holds(right.world, right.target, e, None)]
        return max(fitting, default=None)

    def _waits(self) -> list[timedelta]:
        return sorted({timedelta(), *(each + _MARGIN for each in self._moments(_LATE))})

    def _moments(self, share: float) -> list[timedelta]:
        found = (e.value for e in parts(self._where.tree.root) if isinstance(e, Constant))
        return [each * share for each in found if isinstance(each, timedelta)]

    def _conjuncts(self) -> tuple[Typed, ...]:
        root = self._where.tree.root
        return root.operands if isinstance(root, And) else (root,)

    def _goals(self, tenant: int) -> Iterator[Goal]:
        """Yield what rows to read, in each state, by the first role that may."""
        role = roles_of(self._planner.system, self._operation)[0]
        for state in _states(self._planner.system.entity(self._operation.entity)):
            yield Goal(
                operation=self._operation,
                me=Somebody(role=role, tenant=tenant),
                wanted=done,
                state=state,
                also=(self._where,),
            )

    def _plot(self, goal: Goal, after: timedelta, without: Typed | None) -> Plot | None:
        """Return how a row comes about for which all holds then but one part; None if not."""

        def fits(world: World, key: Key) -> bool:
            return self._holds(world, key, after, without)

        return self._planner.find(replace(goal, world_fits=fits))

    def _holds(self, world: World, key: Key, after: timedelta, without: Typed | None) -> bool:
        later = replace(world, now=world.now + after)
        around = Around(world=later, row=world.rows[key])
        parts_ = self._conjuncts()
        try:
            return all(bool(value_of(each, around)) is (each is not without) for each in parts_)
        except Undetermined:
            return False


def holds_no_more(job: Job, row: Row, world: World) -> bool:
    """Return whether a job is no longer for a row once it has been done to it."""
    around, entity = Around(world=world, row=row), world.entity_of(row)
    assigned = [each for update in job.updates for each in update.set]
    try:
        found = {each.target: value_of(each.value.tree.root, around) for each in assigned}
        values = {name: value for name, value in found.items() if entity.field(name)}
        refs = {name: _key(value) for name, value in found.items() if entity.relation(name)}
        changed = row.changed(values=values, refs=refs)
        then = Around(world=world.with_row(changed), row=changed)
        return job.where is not None and value_of(job.where.tree.root, then) is False
    except Undetermined:
        return False


def _key(value: object) -> Key | None:
    return None if value is None else str(value)


def reading(planner: Planner, job: Job) -> Operation | None:
    """Return what reads a row that a job is for; None if nothing does."""
    found = planner.system.operations_of(job.entity or "")
    return next((each for each in found if each.kind is Kind.READ), None)


def _states(entity: Entity) -> tuple[str | None, ...]:
    return (None, *entity.lifecycle.states) if entity.lifecycle else (None,)
