"""`tests/work/test_outside.py`: what jobs ask other services for, and that they do so once."""

from dataclasses import dataclass

from tospec.ir.case_tables import Suite
from tospec.ir.cases import Given
from tospec.ir.job_cases import AskCase, Happening
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.jobs import ASKING
from tospec.profiles.cqrs.render.tests.event_jobs import announced
from tospec.profiles.cqrs.render.tests.jobs import Rows
from tospec.profiles.cqrs.render.tests.parts import home, made, make, requirements
from tospec.profiles.cqrs.render.variables import type_name
from tospec.python import Code, fill, identifier, literal, module, symbol

_ME = Code("me")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Happening:
    rows: Rows
    event: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    name: Code
    type: Code
    requirements: Code
    person: Code
    row: Code
    call: Code
    found: _Happening
    ignored: _Happening | None
    sent: tuple[tuple[Code, Code], ...]


def render_asking(suite: Suite, path: str) -> str:
    """Return the tests of the jobs that ask other services."""
    jobs = [_job(each) for each in suite.asking]
    body = TEMPLATES.render("tests/asking.py.j2", artifact=path, jobs=jobs)
    served = dict.fromkeys(id_ for job in suite.asking for id_ in job.requirements)
    told = f" ({', '.join(served)})" if served else ""
    return module(f"What jobs ask other services for, once{told}.", body, artifact=path)


def _job(job: AskCase) -> _Job:
    return _Job(
        name=identifier(job.name),
        type=symbol(f"app.jobs.{ASKING}", type_name(job.type).text),
        requirements=requirements(job.requirements),
        person=home(job.role),
        row=identifier(job.row),
        call=fill("({}, {})", literal(job.integration), literal(job.call)),
        found=_happening(job, job.found),
        ignored=_happening(job, job.ignored) if job.ignored else None,
        sent=tuple((literal(name), _is(value)) for name, value in job.sent),
    )


def _is(value: str | int | bool) -> Code:
    return fill("{} {}", Code("is" if isinstance(value, bool) else "=="), literal(value))


def _happening(job: AskCase, happening: Happening) -> _Happening:
    return _Happening(rows=_rows(job, happening.given), event=announced(happening))


def _rows(job: AskCase, given: Given) -> Rows:
    return Rows(
        before=made(given.before, _ME),
        make=make(job.entity, _ME, given.values),
        after=made(given.after, _ME),
    )
