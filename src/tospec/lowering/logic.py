"""From a system to the part of a backend that acts."""

from tospec.ir.data import DataModel
from tospec.ir.events import Event
from tospec.ir.jobs import Job, RowJob
from tospec.ir.logic import Logic, Resource, UseCase
from tospec.ir.places import Places
from tospec.lowering import project
from tospec.lowering.budgets import budgets_of
from tospec.lowering.bulks import bulks_of
from tospec.lowering.events import event_of
from tospec.lowering.integrations import integrations_of
from tospec.lowering.jobs import jobs_of, schedules_of
from tospec.lowering.measures import reckons
from tospec.lowering.operations import operations_of
from tospec.lowering.schemas import schemas_of
from tospec.lowering.senders import senders_of
from tospec.lowering.services import service_of
from tospec.lowering.webhooks import webhooks_of
from tospec.model import Entity, System


def logic_of(system: System, model: DataModel, places: Places) -> Logic:
    """Return what a backend does, on top of what it remembers."""
    jobs = jobs_of(system, model, places)
    return Logic(
        about=project.about_of(system),
        access=project.access_of(system),
        accounts=project.accounts_of(system),
        account_events=_account_events(system),
        audit_permission=system.audit.read if system.audit else None,
        is_traced=system.watch is not None and system.watch.is_traced,
        limited_per=system.rate_limits.default.per if system.rate_limits else None,
        settings=project.settings_of(system),
        resources=tuple(
            _resource(system, entity, jobs, model, places)
            for entity in system.entities
            if not entity.built_in
        ),
        requirements=project.requirements_of(system),
        routes=project.routes_of(system, model),
        stores=system.storage.stores if system.storage else (),
        admin=system.admin.requirements if system.admin else None,
        reckons=reckons(system),
        budgets=budgets_of(system, model),
        jobs=jobs,
        schedules=schedules_of(system, jobs),
        job_permission=system.job_operator.manage if system.job_operator and jobs else None,
        run_permission=system.job_operator.watch if system.job_operator and jobs else None,
        integrations=integrations_of(system),
        senders=senders_of(system),
        webhooks=webhooks_of(system),
    )


def _resource(
    system: System, entity: Entity, jobs: tuple[Job, ...], model: DataModel, places: Places
) -> Resource:
    data = model.entity(entity.name)
    service = service_of(system, entity, data, model, places)
    return Resource(
        entity=data,
        schemas=schemas_of(system, entity, data),
        events=_events(system, entity),
        service=service,
        operations=tuple(
            UseCase(entity=data, operation=operation)
            for operation in (
                *operations_of(system, entity, data, service),
                *bulks_of(system, entity, data),
            )
        ),
        jobs=tuple(
            job for job in jobs if isinstance(job, RowJob) and job.entity.type == data.names.type
        ),
    )


def _events(system: System, entity: Entity) -> tuple[Event, ...]:
    own = (each for each in system.events if each.of == entity.name and each.message is None)
    return tuple(event_of(system, event) for event in own)


def _account_events(system: System) -> tuple[tuple[str, Event], ...]:
    if system.auth is None:
        return ()
    given = system.auth.events
    return tuple((name, event_of(system, system.event(event))) for name, event in given)
