"""`app/integrations`: clients of other services, and the jobs that ask them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tospec.ir.integrations import Call, Exchanged, Integration
from tospec.ir.jobs import AskEachJob, AskJob
from tospec.ir.logic import Logic
from tospec.profiles.cqrs.render.computed import declared
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.jobs import ClassOfJob, about_of
from tospec.profiles.cqrs.render.project import milliseconds
from tospec.profiles.cqrs.render.triggers import Started, heard, started
from tospec.profiles.cqrs.render.variables import type_name
from tospec.python import (
    Code,
    attribute,
    constant,
    docstring,
    fill,
    identifier,
    join,
    literal,
    module,
    symbol,
)

_SENT: Final = {"int": Code("int"), "bool": Code("bool")}
_KEY: Final = Code("key: str")
_RAISES: Final = (
    ("HeldError", "If the service is not to be asked now."),
    ("HopelessError", "If it refused."),
    ("OutsideError", "If it did not do it; asked again, it may."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    name: Code
    constant: Code
    literal: Code
    method: Code
    path: Code
    keyed: Code
    answer: Code
    answered: Code
    told: Code
    gives: Code
    sends: bool
    returns: tuple[Code, ...]
    parameters: Code
    documented: Code
    body: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Client:
    name: Code
    variable: Code
    literal: Code
    type: Code
    connect: Code
    url: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    about: ClassOfJob
    bases: Code
    trigger: Started | None
    values: Code
    documented: Code
    integration: Code
    call: Code
    arguments: Code
    answers: Code | None = None
    each: "_Each | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Each:
    """What a job says that asks about each of many rows."""

    table: Code
    function: Code
    settings: Code
    given: Code
    holds: Code
    tells: Code
    condition: Code
    conditioned: tuple[Code, ...]
    declarations: tuple[Code, ...]


def render_integration(integration: Integration, path: str) -> str:
    """Return the module of the client of another service."""
    body = TEMPLATES.render(
        "integration.py.j2",
        artifact=path,
        known_as=literal(integration.name),
        type=type_name(integration.type),
        about=docstring(integration.about, indent=4),
        calls=[_call(call) for call in integration.calls],
        answers=any(call.returns for call in integration.calls),
        timeout=milliseconds(integration.timeout),
        attempts=literal(integration.attempts),
        base=milliseconds(integration.base),
        cap=milliseconds(integration.cap),
        budget=literal(integration.budget / 100),
        failures=literal(integration.failures),
        within=milliseconds(integration.within),
        open=milliseconds(integration.open),
        waits=literal(integration.waits),
        concurrency=literal(integration.concurrency),
        url=attribute(integration.url),
        **_proof(integration),
    )
    served = f" ({', '.join(integration.requirements)})" if integration.requirements else ""
    return module(f"How `{integration.name}` is asked{served}.", body, artifact=path)


def render_integrations(logic: Logic, path: str) -> str:
    """Return the module that holds all clients."""
    clients = [_client(each) for each in logic.integrations]
    names = join(", ", (each.variable for each in clients))
    body = TEMPLATES.render(
        "integrations.py.j2",
        artifact=path,
        clients=clients,
        connections=fill("({},)" if len(clients) == 1 else "({})", names),
    )
    return module(
        "Other services: one module for each, and how they are asked.", body, artifact=path
    )


def render_asking_jobs(logic: Logic, path: str) -> str:
    """Return the module of the jobs that ask other services."""
    jobs = [_job(job) for job in logic.asking]
    body = TEMPLATES.render("outside_jobs.py.j2", artifact=path, jobs=jobs)
    return module("Jobs that ask other services.", body, artifact=path)


def client_class(integration: Integration) -> Code:
    """Return the use of the class of a client."""
    return symbol(f"app.integrations.{integration.name}", type_name(integration.type).text)


def _proof(integration: Integration) -> dict[str, object]:
    """Return the statements that find what proves who asks, and the headers that carry it."""
    proof = integration.proof
    if proof is None:
        return {"proof": (), "headers": Code("{}")}
    found = fill("proof = settings.{}", attribute(proof.setting))
    value = "proof.get_secret_value()" if proof.header else 'f"Bearer {proof.get_secret_value()}"'
    header = literal((proof.header or "Authorization").lower())
    carried = fill("{{{}: {}}} if proof else {{}}", header, Code(value))
    return {"proof": (found, fill("headers = {}", carried)), "headers": Code("headers")}


def _call(call: Call) -> _Call:
    sent = (fill("{}: {}", identifier(each.name), _optional(each)) for each in call.body)
    held = (fill("{}: {}", literal(each.name), identifier(each.name)) for each in call.body)
    return _Call(
        name=identifier(call.name),
        constant=fill("_{}", constant(call.name)),
        literal=literal(call.name),
        method=literal(call.method),
        path=literal(call.path),
        keyed=literal(call.keyed),
        answer=type_name(call.answer) if call.returns else symbol("types", "NoneType"),
        told=type_name(call.answer) if call.returns else Code("None"),
        gives=Code("return " if call.returns else ""),
        sends=bool(call.body),
        answered=docstring(f"What `{call.name}` answers.", indent=4),
        returns=tuple(fill("{}: {}", attribute(e.name), _optional(e)) for e in call.returns),
        parameters=join(", ", (Code("self"), Code("*"), *sent, _KEY)),
        documented=docstring(call.about, raises=_RAISES, indent=8),
        body=fill("{{{}}}", join(", ", held)),
    )


def _optional(each: Exchanged) -> Code:
    """Return the type of a value, which is None where it is left out and may be."""
    plain = _SENT.get(each.kind, Code("str"))
    return fill("{} | None = None", plain) if each.nullable else plain


def _client(integration: Integration) -> _Client:
    return _Client(
        name=identifier(integration.name),
        variable=identifier(integration.name),
        literal=literal(integration.name),
        type=client_class(integration),
        connect=symbol(
            f"app.integrations.{integration.name}", "connect", alias=f"connect_{integration.name}"
        ),
        url=attribute(integration.url),
    )


def _job(job: AskJob | AskEachJob) -> _Asking:
    return _asking(job) if isinstance(job, AskJob) else _asking_each(job)


def _asking_each(job: AskEachJob) -> _Asking:
    held = (fill("{}: {}", literal(name), value.code) for name, value in job.values)
    return _Asking(
        about=about_of(job),
        bases=symbol("app.worker.asking_each", "AskEach"),
        trigger=None,
        values=fill("{{{}}}", join(", ", held)),
        documented=docstring(f"Ask `{job.integration}` for what the job keeps.", indent=8),
        integration=identifier(job.integration),
        call=identifier(job.call),
        arguments=_arguments(name for name, _ in job.values),
        each=_each(job),
    )


def _each(job: AskEachJob) -> _Each:
    values = [value for _, value in job.values]
    asked = [*values, *((job.where,) if job.where else ())]
    settings = any(value.uses_settings for value in asked)
    typed = fill("settings: {}", symbol("app.core.settings", "Settings"))
    told = f"Return what `{job.type}` tells of each of them, by name."
    return _Each(
        table=job.table,
        function=identifier(job.name),
        settings=typed if settings else Code(""),
        given=Code("self._settings" if settings else ""),
        holds=docstring(f"Hold for the {job.entity.nouns} that `{job.type}` is for.", indent=4),
        tells=docstring(told, indent=4),
        condition=job.where.code if job.where else fill("{}()", symbol("sqlalchemy", "true")),
        conditioned=declared(job.where.aliases) if job.where else (),
        declarations=declared(tuple(alias for value in values for alias in value.aliases)),
    )


def _arguments(names: Iterable[str]) -> Code:
    given = (fill("{}=asked[{}], ", identifier(name), literal(name)) for name in names)
    return join("", given)


def _asking(job: AskJob) -> _Asking:
    once = symbol("app.worker.asking", "AskOnce")
    event = symbol("app.worker.on_event", "OnEvent")
    heard_by = fill("{}, {}[{}]", once, event, heard(job.trigger)) if job.trigger else once
    held = (fill("{}: {}", literal(name), value) for name, value in job.values)
    return _Asking(
        about=about_of(job),
        bases=heard_by,
        trigger=started(job.trigger) if job.trigger else None,
        values=fill("{{{}}}", join(", ", held)),
        documented=docstring(_asked(job), indent=8),
        integration=identifier(job.integration),
        call=identifier(job.call),
        arguments=_arguments(name for name, _ in job.values),
        answers=_answers(job.answers) if job.answers else None,
    )


def _asked(job: AskJob) -> str:
    """Return what is done when another service is asked."""
    told = ", and tell what it answers" if job.answers else ""
    return f"Ask `{job.integration}` for what the job keeps{told}."


def _answers(names: Iterable[str]) -> Code:
    """Return what is told of an answer."""
    told = (fill("{}: answer.{}", literal(name), attribute(name)) for name in names)
    return fill("{{{}}}", join(", ", told))
