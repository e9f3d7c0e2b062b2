"""`tests/work/test_<entities>.py`: what jobs do to rows, leave alone, and are refused."""

from dataclasses import dataclass

from tospec.ir.case_tables import EntityCases
from tospec.ir.cases import Given
from tospec.ir.job_cases import JobCase, JobRefusal
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.tests.parts import (
    MadeRow,
    factory,
    header,
    home,
    joined_name,
    made,
    make,
    requirements,
)
from tospec.profiles.cqrs.render.variables import type_name
from tospec.python import Code, fill, identifier, join, literal, module, symbol

_ME = Code("me")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A row of a test, and what is made before it and after."""

    before: tuple[MadeRow, ...]
    make: Code
    after: tuple[MadeRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refusal:
    name: Code
    rows: Rows
    refused: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    name: Code
    type: Code
    requirements: Code
    person: Code
    found: Rows
    left: Rows | None
    stored: Code | None
    entries: Code
    events: Code
    ends: bool
    refusals: tuple[_Refusal, ...]


def has_jobs(entity: EntityCases) -> bool:
    """Whether jobs go through rows of an entity, of which it is known what they do."""
    return bool(entity.jobs)


def render_work(entity: EntityCases, path: str) -> str:
    """Return the tests of the jobs over rows of an entity."""
    body = TEMPLATES.render(
        "tests/jobs.py.j2",
        artifact=path,
        jobs=[_job(entity, each) for each in entity.jobs],
        row=identifier(entity.variable),
        find=factory(entity.names, "find"),
    )
    served = dict.fromkeys(id_ for job in entity.jobs for id_ in job.requirements)
    return module(header(entity, "what jobs do to them", tuple(served)), body, artifact=path)


def _job(entity: EntityCases, job: JobCase) -> _Job:
    names = (literal(name) for name in job.stored)
    return _Job(
        name=identifier(job.name),
        type=symbol(f"app.jobs.{entity.names.plural}", type_name(job.type).text),
        requirements=requirements(job.requirements),
        person=home(job.role),
        found=rows(entity, job.found),
        left=rows(entity, job.left) if job.left else None,
        stored=fill("{{{}}}", join(", ", names)) if job.stored else None,
        entries=entries(job.audit),
        events=literal(sorted(set(job.events))),
        ends=job.ends,
        refusals=tuple(_refusal(entity, job, each) for each in job.refusals),
    )


def entries(action: str | None) -> Code:
    """Return what the audit trail tells of a job: the action, and that nobody did it."""
    found = [fill("({}, None)", literal(action))] if action else []
    return fill("[{}]", join(", ", found))


def rows(entity: EntityCases, given: Given) -> Rows:
    """Return how a row comes to be."""
    return Rows(
        before=made(given.before, _ME),
        make=make(entity.names, _ME, given.values),
        after=made(given.after, _ME),
    )


def _refusal(entity: EntityCases, job: JobCase, refusal: JobRefusal) -> _Refusal:
    return _Refusal(
        name=joined_name(job.name, "is", "refused", refusal.error.lower()),
        rows=rows(entity, refusal.given),
        refused=fill("{{{}: 1}}", literal(refusal.error)),
    )
