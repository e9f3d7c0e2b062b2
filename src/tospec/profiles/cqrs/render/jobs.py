"""`app/jobs`: what is done in the background, and when."""

from dataclasses import dataclass
from typing import Final

from tospec.ir.entities import Entity
from tospec.ir.jobs import AskEachJob, AskJob, Job, PurgeJob, Retry, RowJob, Schedule
from tospec.ir.logic import Logic, Resource
from tospec.profiles.cqrs.places import model
from tospec.profiles.cqrs.render.computed import declared
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.events import event_class
from tospec.profiles.cqrs.render.project import duration
from tospec.profiles.cqrs.render.service_base import declared as declared_for
from tospec.profiles.cqrs.render.service_base import documented, stored
from tospec.profiles.cqrs.render.statements import announce, held, record
from tospec.profiles.cqrs.render.triggers import Started, heard, started
from tospec.profiles.cqrs.render.variables import row_variable, rows_variable, type_name
from tospec.python import (
    Code,
    constant,
    docstring,
    fill,
    identifier,
    join,
    literal,
    module,
    symbol,
)

PURGES: Final = "purges"
"""Module of the jobs that remove what has expired."""
_USUAL: Final = "normal"
ASKING: Final = "outside"
"""Module of the jobs that ask other services."""
_SCHEDULE: Final = "app.worker.schedule"
_PURGE: Final = "app.worker.purge"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassOfJob:
    """What all jobs have.

    Attributes:
        priority: Nothing if it is the usual one.
        then: What follows, if anything does.
    """

    type: Code
    docstring: Code
    name: Code
    timeout: Code
    retry: Code
    priority: Code | None
    then: Code | None
    follows: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    about: ClassOfJob
    bases: Code
    trigger: Started | None
    do: Code
    declarations: tuple[Code, ...]
    values: Code | None
    rules: Code
    updated: Code
    after: tuple[Code, ...]
    function: Code
    parameters: Code
    arguments: Code
    holds: Code
    aliases: tuple[Code, ...]
    condition: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    name: Code
    jobs: Code
    cron: Code
    zone: Code
    catch_up: Code
    overlap: Code


def render_jobs(logic: Logic, path: str) -> str:
    """Return the module that lists the jobs, and says when they run."""
    body = TEMPLATES.render(
        "jobs.py.j2",
        artifact=path,
        jobs=_tuple([_class(job) for job in logic.jobs]),
        events=_tuple([event_class(event) for event in logic.events]),
        schedules=[_start(schedule) for schedule in logic.schedules],
    )
    header = "Jobs, one module for the rows of each entity, and when they run."
    return module(header, body, artifact=path)


def render_row_jobs(resource: Resource, path: str) -> str:
    """Return the module of the jobs that go through the rows of an entity."""
    names = resource.entity.names
    body = TEMPLATES.render(
        "row_jobs.py.j2",
        artifact=path,
        jobs=[_rows(resource, job) for job in resource.jobs],
        row=row_variable(names),
        rows=rows_variable(names),
        model=model(names),
        repository=symbol(f"app.repositories.{names.plural}", f"{names.type}Repository"),
        rows_docstring=docstring(
            f"Return the next {names.nouns} behind `after` that it is for, locked.", indent=8
        ),
    )
    return module(f"Jobs over {names.nouns}.", body, artifact=path)


def render_purge_jobs(logic: Logic, path: str) -> str:
    """Return the module of the jobs that remove what has expired."""
    jobs = [(about_of(job), _purged(job)) for job in logic.purges]
    body = TEMPLATES.render("purge_jobs.py.j2", artifact=path, jobs=jobs)
    return module("Jobs that remove what has expired.", body, artifact=path)


def _class(job: Job) -> Code:
    if isinstance(job, AskJob | AskEachJob):
        home = ASKING
    else:
        home = job.entity.plural if isinstance(job, RowJob) else PURGES
    return symbol(f"app.jobs.{home}", type_name(job.type).text)


def _start(schedule: Schedule) -> _Start:
    return _Start(
        name=literal(schedule.name),
        jobs=_tuple([_class(job) for job in schedule.jobs]),
        cron=literal(schedule.cron),
        zone=literal(schedule.zone),
        catch_up=fill("{}.{}", symbol(_SCHEDULE, "CatchUp"), constant(schedule.catch_up)),
        overlap=fill("{}.{}", symbol(_SCHEDULE, "Overlap"), constant(schedule.overlap)),
    )


def about_of(job: Job) -> ClassOfJob:
    """Return what the class of a job says that all jobs have."""
    return ClassOfJob(
        type=type_name(job.type),
        docstring=docstring(job.about, indent=4),
        name=literal(job.name),
        timeout=duration(job.timeout),
        retry=_retry(job.retry),
        priority=_priority(job.priority),
        then=literal(job.then) if job.then else None,
        follows=job.follows,
    )


def _priority(priority: str) -> Code | None:
    if priority == _USUAL:
        return None
    return fill("{}.{}", symbol("app.models.job", "Priority"), constant(priority))


def _retry(retry: Retry) -> Code:
    return fill(
        "{}(attempts={}, base={}, cap={})",
        symbol("app.worker.work", "Retry"),
        literal(retry.attempts),
        duration(retry.base),
        duration(retry.cap),
    )


def _rows(resource: Resource, job: RowJob) -> _Rows:
    entity, row = resource.entity, row_variable(resource.entity.names)
    changes = job.values is not None
    now = Code("updated") if changes else row
    settings = job.where is not None and job.where.uses_settings
    typed = fill("settings: {}", symbol("app.core.settings", "Settings"))
    after = (
        *(record(entity, job.name, row, before=row, after=now) if changes else ()),
        *announce(entity, job.emissions, now, before=row),
    )
    return _Rows(
        about=about_of(job),
        bases=_bases(entity, job),
        trigger=started(job.trigger) if job.trigger else None,
        do=documented(f"Do it to one {entity.names.noun}.", job.faults),
        declarations=tuple(declared_for(job.values or ())),
        values=(stored(job.values) or Code("{}")) if job.values is not None else None,
        rules=held(entity, job.rules),
        updated=Code("updated = " if after else ""),
        after=after,
        function=identifier(job.name),
        parameters=typed if settings else Code(""),
        arguments=Code("self._settings" if settings else ""),
        holds=_holds(entity, job),
        aliases=declared(job.where.aliases) if job.where else (),
        condition=job.where.code if job.where else fill("{}()", symbol("sqlalchemy", "true")),
    )


def _bases(entity: Entity, job: RowJob) -> Code:
    rows = fill("{}[{}]", symbol("app.worker.rows", "EachRow"), model(entity.names))
    if job.trigger is None:
        return rows
    return fill("{}[{}], {}", symbol("app.worker.on_event", "OnEvent"), heard(job.trigger), rows)


def _holds(entity: Entity, job: RowJob) -> Code:
    if job.trigger:
        return docstring(f"Hold for the {entity.names.nouns} that it is for.", indent=8)
    return docstring(f"Hold for the {entity.names.nouns} that `{job.type}` is for.", indent=4)


def _purged(job: PurgeJob) -> Code:
    return _tuple([symbol(_PURGE, constant(each).text) for each in job.purged])


def _tuple(items: list[Code]) -> Code:
    return fill("({},)" if len(items) == 1 else "({})", join(", ", items))
