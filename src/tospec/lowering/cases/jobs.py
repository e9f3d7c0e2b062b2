"""What tests know about jobs: rows that they change, leave alone, and are refused to change."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from tospec.ir.cases import Given
from tospec.ir.job_cases import JobCase, JobRefusal
from tospec.lowering.cases.conditions import role_code
from tospec.lowering.cases.givens import given, variable
from tospec.lowering.cases.plans import Plan, Setting, build
from tospec.lowering.cases.rows import Row, Someone, World
from tospec.lowering.cases.search import find, names_in
from tospec.lowering.cases.truth import all_of, holds, value_of
from tospec.lowering.members import member_of
from tospec.lowering.naming import entity_names
from tospec.model import Assignment, Entity, Job, Moment, Requirement, System
from tospec.python import Code, fill, snake

_ME: Final = Code("me")


def job_cases_of(system: System, entity: Entity) -> tuple[JobCase, ...]:
    """Return the jobs over an entity's rows for which a row is known that they change."""
    found = (_Rows(system, entity, job).case() for job in _over_rows(system, entity))
    return tuple(each for each in found if each is not None)


def _over_rows(system: System, entity: Entity) -> Iterator[Job]:
    """Yield the jobs that change rows whenever they run."""
    return (job for job in system.jobs_of(entity.name) if not job.on and not job.ask)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Looks for rows that tell what one job does."""

    system: System
    entity: Entity
    job: Job

    def case(self) -> JobCase | None:
        """Return what tests know about the job; None if no row is known that it changes."""
        found = self._plan(lambda plan: all_of((self._takes(plan), *self._asked(plan))) is True)
        if found is None:
            return None
        left = self._plan(lambda plan: self._takes(plan) is False)
        job, updates = self.job, self.job.updates
        name = f"{entity_names(self.entity.name).singular}.{snake(job.name)}"
        return JobCase(
            name=snake(job.name),
            type=job.name,
            requirements=job.requirements,
            role=self._owner.role,
            found=self._given(found),
            left=self._given(left) if left else None,
            stored=tuple(member_of(self.entity, each.target).name for each in self._set),
            audit=name if self.entity.audit and updates else None,
            events=tuple(sorted(job.events)),
            ends=self._ends(found),
            refusals=tuple(self._refusals(found)),
        )

    @property
    def _owner(self) -> Someone:
        return Someone(self.system.roles[0])

    @property
    def _set(self) -> tuple[Assignment, ...]:
        return tuple(each for update in self.job.updates for each in update.set)

    @property
    def _rules(self) -> tuple[Requirement, ...]:
        rules = self.entity.rules if self.job.updates else ()
        return tuple(each.requirement for each in rules if Moment.UPDATE in each.on)

    def _plan(self, accept: Callable[[Plan], bool]) -> Plan | None:
        where = (self.job.where,) if self.job.where else ()
        asked = (*where, *(rule.that for rule in self._rules))
        others = tuple(_person(role) for role in self.system.roles[1:])
        names = names_in(self.system, asked)
        return find(self.system, self.entity, names, accept, people=others)

    def _staged(self, plan: Plan) -> tuple[Row, World]:
        built = build(self.system, self.entity, plan, self._owner)
        return built.row, built.world(World(system=self.system, principal=self._owner))

    def _takes(self, plan: Plan) -> bool | None:
        row, world = self._staged(plan)
        return self.job.where is None or holds(self.job.where, row, world)

    def _asked(self, plan: Plan) -> list[bool | None]:
        """Return what the rules say of the row as it is, which a job hardly changes."""
        row, world = self._staged(plan)
        return [holds(rule.that, row, world) for rule in self._rules]

    def _ends(self, plan: Plan) -> bool:
        """Return whether the job surely leaves the row alone once it has changed it."""
        row, world = self._staged(plan)
        values = {each.target: value_of(each.value, row, world) for each in self._set}
        row.fields.update({name: values[name] for name in values if name in row.fields})
        return self.job.where is not None and holds(self.job.where, row, world) is False

    def _refusals(self, found: Plan) -> Iterator[JobRefusal]:
        for index, rule in enumerate(self._rules):

            def breaks(plan: Plan, index: int = index) -> bool:
                joined = found.joined(plan)
                *before, last = self._asked(joined)[: index + 1]
                return last is False and all_of((self._takes(joined), *before)) is True

            plan = self._plan(breaks)
            if plan is not None:
                yield JobRefusal(error=rule.error, given=self._given(found.joined(plan)))

    def _given(self, plan: Plan) -> Given:
        row = Code(f"{variable(entity_names(self.entity.name).singular)}.id")
        return given(self.system, self.entity, plan, person=_ME, row=row)


def _person(role: str) -> Setting:
    return Setting(name="", value=Someone(role), code=fill("world.home[{}].id", role_code(role)))
