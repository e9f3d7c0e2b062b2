"""From jobs and schedules to classes of work and the times at which it starts."""

from collections.abc import Iterable
from typing import TypedDict

from tospec.expression import Facts, Kind, proven
from tospec.ir.conditions import SqlValue
from tospec.ir.data import DataModel
from tospec.ir.jobs import AskEachJob, AskJob, Job, PurgeJob, Retry, RowJob, Schedule
from tospec.ir.places import Places
from tospec.ir.services import Assignment
from tospec.lowering import events, faults, naming
from tospec.lowering.conditions import Conditions
from tospec.lowering.schema import Schema
from tospec.lowering.services import rule_call
from tospec.lowering.triggers import Triggers
from tospec.lowering.values import Values
from tospec.model import Ask, Entity, Expression, System
from tospec.model import Job as Spec
from tospec.python import Code, fill, identifier, sentence, snake, title_words

_ON_UPDATE = "on_update"


def jobs_of(system: System, model: DataModel, places: Places) -> tuple[Job, ...]:
    """Return the jobs of a spec, in its order."""
    lowering = _Rows(system, model, places)
    triggers = Triggers(Schema(system), places)
    return tuple(_job(job, lowering, triggers) for job in system.jobs)


def schedules_of(system: System, jobs: Iterable[Job]) -> tuple[Schedule, ...]:
    """Return when `jobs` start."""
    by_name = {job.type: job for job in jobs}
    return tuple(
        Schedule(
            name=snake(each.name),
            origin=f"schedule:{each.name}",
            jobs=tuple(by_name[name] for name in each.run),
            cron=each.cron,
            zone=None if each.is_local else each.zone,
            catch_up=each.catch_up,
            overlap=each.overlap,
            requirements=each.requirements,
        )
        for each in system.schedules
    )


def _job(job: Spec, rows: "_Rows", triggers: Triggers) -> Job:
    if job.entity:
        return rows.asking(job, job.entity, job.ask) if job.ask else rows.job(job, job.entity)
    if job.ask is None:
        return _purge(job)
    answers = tuple(each.name for each in rows.system.call(job.ask).returns)
    return _ask(job, job.ask, triggers, answers)


def _then(job: Spec) -> str | None:
    return snake(job.then) if job.then else None


def _ask(job: Spec, ask: Ask, triggers: Triggers, answers: tuple[str, ...]) -> AskJob:
    return AskJob(
        **_common(job),
        trigger=triggers.of(job),
        integration=ask.integration,
        call=ask.call,
        values=tuple((name, _sent(value, triggers)) for name, value in ask.values),
        answers=answers if job.is_linked and answers else None,
        then=_then(job),
        follows=job.follows is not None,
    )


def _sent(value: Expression, triggers: Triggers) -> Code:
    """Return what is sent of a value: JSON has no ids, but texts."""
    found, type_ = triggers.value(value), value.tree.type
    if type_.kind is not Kind.UUID:
        return found
    text = fill("str({})", found)
    return fill("None if {} is None else {}", found, text) if type_.nullable else text


def _purge(job: Spec) -> PurgeJob:
    return PurgeJob(
        **_common(job),
        purged=job.purges,
    )


class _Common(TypedDict):
    """What every kind of job has, by the names of its fields."""

    name: str
    type: str
    about: str
    timeout: int
    retry: Retry
    priority: str
    requirements: tuple[str, ...]


def _common(job: Spec) -> _Common:
    return _Common(
        name=snake(job.name),
        type=job.name,
        about=sentence(job.description or title_words(job.name)),
        timeout=job.timeout,
        retry=Retry(attempts=job.retry.attempts, base=job.retry.base, cap=job.retry.cap),
        priority=job.priority,
        requirements=job.requirements,
    )


class _Rows:
    """Lowers jobs that change rows."""

    def __init__(self, system: System, model: DataModel, places: Places) -> None:
        self.system = system
        self._model = model
        self._places = places
        self._schema = Schema(system)
        self._conditions = Conditions(self._schema, places)
        self._triggers = Triggers(self._schema, places)

    def job(self, job: Spec, name: str) -> RowJob:
        """Return a job that changes rows of the entity called `name`."""
        data = self._model.entity(name)
        rules = next((each for each in data.rules if each.function == _ON_UPDATE), None)
        stored = self._stored(job, name) if job.updates else None
        forbidden = faults.rules(self._model, rules) if job.updates else ()
        return RowJob(
            **_common(job),
            trigger=self._triggers.of(job),
            then=_then(job),
            follows=job.follows is not None,
            entity=naming.entity_names(name),
            where=self._where(job, self.system.entity(name)),
            values=stored,
            rules=rule_call(rules) if job.updates else None,
            emissions=events.plain_emissions(self.system, job.events),
            faults=(*faults.unique(data, (each.field for each in stored or ())), *forbidden),
        )

    def asking(self, job: Spec, name: str, ask: Ask) -> AskEachJob:
        """Return a job that asks about rows of the entity called `name`."""
        entity, names = self.system.entity(name), naming.entity_names(name)
        sent, expressions = zip(*ask.values, strict=True) if ask.values else ((), ())
        values = self._conditions.told(entity, expressions)
        return AskEachJob(
            **_common(job),
            entity=names,
            table=self._places.table(names, naming.table_name(name)),
            integration=ask.integration,
            call=ask.call,
            where=self._where(job, entity),
            values=tuple(zip(sent, values, strict=True)),
        )

    def _where(self, job: Spec, entity: Entity) -> SqlValue | None:
        if job.where is None:
            return None
        if job.on:
            return self._conditions.of_event(entity, job.where, _certain(job))
        return self._conditions.listed(entity, job.where)

    def _stored(self, job: Spec, name: str) -> tuple[Assignment, ...]:
        row = identifier(naming.entity_names(name).singular)
        values = Values(self._schema, self._places, self.system.entity(name), row, _certain(job))
        return tuple(values.of(each) for update in job.updates for each in update.set)


def _certain(job: Spec) -> Facts:
    """Return what `when` proves not to be null wherever the job asks or stores anything."""
    return proven(job.when.tree.root, outcome=True) if job.when else frozenset()
