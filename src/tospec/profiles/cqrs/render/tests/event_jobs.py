"""`tests/work/test_<entities>_after_events.py`: what jobs do that events start."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tospec.ir.case_tables import EntityCases
from tospec.ir.job_cases import EventJobCase, Happening
from tospec.ir.schemas import MemberKind
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.events import event_class
from tospec.profiles.cqrs.render.tests.jobs import Rows, entries, rows
from tospec.profiles.cqrs.render.tests.parts import (
    away,
    factory,
    header,
    home,
    joined_name,
    requirements,
)
from tospec.profiles.cqrs.render.variables import type_name
from tospec.python import Code, attribute, fill, identifier, join, literal, module, symbol

_ANY: Final = {
    MemberKind.UUID: fill("{}(int=7)", symbol("uuid", "UUID")),
    MemberKind.DATE: fill("{}(2030, 1, 31)", symbol("datetime", "date")),
    MemberKind.TIMESTAMP: fill(
        "{}(2030, 1, 31, tzinfo={})", symbol("datetime", "datetime"), symbol("datetime", "UTC")
    ),
}
"""Values that no test asks about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Happening:
    name: Code
    rows: Rows
    event: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    name: Code
    type: Code
    requirements: Code
    person: Code
    stranger: Code
    found: _Happening
    others: tuple[_Happening, ...]
    stored: Code | None
    entries: Code
    events: Code


def has_event_jobs(entity: EntityCases) -> bool:
    """Whether events start jobs over rows of an entity, of which it is known what they do."""
    return bool(entity.event_jobs)


def render_event_work(entity: EntityCases, path: str) -> str:
    """Return the tests of the jobs over rows of an entity that events start."""
    body = TEMPLATES.render(
        "tests/event_jobs.py.j2",
        artifact=path,
        jobs=[_job(entity, each) for each in entity.event_jobs],
        row=identifier(entity.variable),
        find=factory(entity.names, "find"),
        make=factory(entity.names, "make"),
    )
    served = dict.fromkeys(id_ for job in entity.event_jobs for id_ in job.requirements)
    return module(header(entity, "what events start", tuple(served)), body, artifact=path)


def _job(entity: EntityCases, job: EventJobCase) -> _Job:
    names = (literal(name) for name in job.stored)
    told = sorted({job.found.event.name, *job.events})
    return _Job(
        name=identifier(job.name),
        type=symbol(f"app.jobs.{entity.names.plural}", type_name(job.type).text),
        requirements=requirements(job.requirements),
        person=home(job.role),
        stranger=away(job.role),
        found=_happening(entity, job.found, identifier(job.name)),
        others=tuple(_others(entity, job)),
        stored=fill("{{{}}}", join(", ", names)) if job.stored else None,
        entries=entries(job.audit),
        events=fill("{{{}}}", join(", ", map(literal, told))),
    )


def _others(entity: EntityCases, job: EventJobCase) -> Iterator[_Happening]:
    if job.left:
        yield _happening(entity, job.left, joined_name(job.name, "leaves", "others", "alone"))
    if job.ignored:
        yield _happening(entity, job.ignored, joined_name(job.name, "ignores", "other", "events"))


def announced(happening: Happening) -> Code:
    """Return the event that happens, made of the row that it is about."""
    event, about = happening.event, identifier(happening.about)
    if event.sender:
        return fill("{}({})", event_class(event), join(", ", _told(happening)))
    arguments = [about]
    if event.has_before:
        arguments.append(fill("before={}", about if happening.before else Code("None")))
    if event.each:
        arguments.append(fill("{}=me.id", attribute(event.each)))
    return fill("{}.of({})", event_class(event), join(", ", arguments))


def _told(happening: Happening) -> Iterator[Code]:
    """Yield what another service tells: of which row, and whatever else."""
    about, known = identifier(happening.about), dict(happening.told)
    yield Code("tenant_id=me.tenant_id")
    for item in happening.event.items:
        name = attribute(item.name)
        if item.name == happening.event.subject:
            yield fill("{}={}.id", name, about)
        elif item.name in known:
            yield fill("{}={}", name, literal(known[item.name]))
        else:
            yield fill("{}={}", name, _ANY[item.member.kind])


def _happening(entity: EntityCases, happening: Happening, name: Code) -> _Happening:
    return _Happening(name=name, rows=rows(entity, happening.given), event=announced(happening))
