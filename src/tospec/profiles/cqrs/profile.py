"""The files of a backend of this profile: this page is the output tree."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import partial
from typing import Any, Final

from tospec.ir.backend import Backend
from tospec.ir.data import DataModel
from tospec.ir.entities import Entity
from tospec.ir.integrations import Integration
from tospec.ir.logic import Logic, Resource, UseCase
from tospec.ir.senders import Sender
from tospec.ir.webhooks import Webhooks
from tospec.output import File, Tree, scaffold
from tospec.profiles.base import Artifact, Profile
from tospec.profiles.cqrs.render.admin import render_description
from tospec.profiles.cqrs.render.bulk import render_bulk
from tospec.profiles.cqrs.render.command import render_command
from tospec.profiles.cqrs.render.computed import render_computed
from tospec.profiles.cqrs.render.deployment import render_deployment
from tospec.profiles.cqrs.render.documents import (
    render_env_example,
    render_pyproject,
    render_readme,
)
from tospec.profiles.cqrs.render.errors import render_errors
from tospec.profiles.cqrs.render.events import render_account_events, render_events
from tospec.profiles.cqrs.render.integrations import (
    render_asking_jobs,
    render_integration,
    render_integrations,
)
from tospec.profiles.cqrs.render.jobs import render_jobs, render_purge_jobs, render_row_jobs
from tospec.profiles.cqrs.render.migration import render_accounts_migration, render_migration
from tospec.profiles.cqrs.render.model import render_model
from tospec.profiles.cqrs.render.openapi import render_openapi
from tospec.profiles.cqrs.render.policy import render_policy
from tospec.profiles.cqrs.render.project import (
    render_about,
    render_main,
    render_password_rules,
    render_permissions,
    render_role,
    render_rule_statuses,
    render_settings,
)
from tospec.profiles.cqrs.render.query import render_query
from tospec.profiles.cqrs.render.repository import render_repository
from tospec.profiles.cqrs.render.rooms import render_commands, render_queries
from tospec.profiles.cqrs.render.router import render_routers, render_routes
from tospec.profiles.cqrs.render.rules import render_rules
from tospec.profiles.cqrs.render.schemas import render_schemas
from tospec.profiles.cqrs.render.seed import render_seed
from tospec.profiles.cqrs.render.senders import (
    render_inbox_routes,
    render_sender,
    render_senders,
    render_told,
    render_told_events,
)
from tospec.profiles.cqrs.render.service import render_service
from tospec.profiles.cqrs.render.traceability import render_traceability
from tospec.profiles.cqrs.render.varying import render_requirements, render_varying
from tospec.profiles.cqrs.render.webhooks import (
    render_announcements,
    render_webhook_events,
    render_webhook_rules,
)
from tospec.profiles.cqrs.render.wiring import render_handlers
from tospec.profiles.cqrs.served import served_by
from tospec.profiles.cqrs.testing import TESTS
from tospec.profiles.cqrs.unneeded import unneeded


def _entities(backend: Backend) -> tuple[Entity, ...]:
    return backend.data.entities


def _computing(backend: Backend) -> Iterable[Entity]:
    return (each for each in backend.data.entities if each.computed or each.measures)


def _ruled(backend: Backend) -> Iterable[Entity]:
    return (entity for entity in backend.data.entities if entity.rules)


def _paged(backend: Backend) -> tuple[Backend, ...]:
    return () if backend.logic.admin is None else (backend,)


def _data(backend: Backend) -> tuple[DataModel]:
    return (backend.data,)


def _logic(backend: Backend) -> tuple[Logic]:
    return (backend.logic,)


def _keeping_files(backend: Backend) -> Iterable[Logic]:
    return (each for each in _logic(backend) if each.keeps_files)


def _whole(backend: Backend) -> tuple[Backend]:
    return (backend,)


def _resources(backend: Backend) -> tuple[Resource, ...]:
    return backend.logic.resources


def _announcing(backend: Backend) -> Iterable[Resource]:
    return (each for each in backend.logic.resources if each.events)


def _changing(backend: Backend) -> Iterable[Resource]:
    return (each for each in backend.logic.resources if each.commands)


def _telling(backend: Backend) -> Iterable[Resource]:
    return (each for each in backend.logic.resources if each.queries)


def _routed(backend: Backend) -> Iterable[Resource]:
    return (each for each in backend.logic.resources if each.operations)


def _commands(backend: Backend) -> Iterable[UseCase]:
    found = (each for resource in backend.logic.resources for each in resource.commands)
    return (each for each in found if each.operation.bulk is None)


def _bulks(backend: Backend) -> Iterable[UseCase]:
    return (each for resource in backend.logic.resources for each in resource.bulks)


def _queries(backend: Backend) -> Iterable[UseCase]:
    return (each for resource in backend.logic.resources for each in resource.queries)


def _read_by_auditors(backend: Backend) -> Iterable[Logic]:
    return (each for each in _logic(backend) if each.audit_permission)


def _working(backend: Backend) -> Iterable[Logic]:
    return (each for each in _logic(backend) if each.jobs)


def _purging(backend: Backend) -> Iterable[Logic]:
    return (each for each in _logic(backend) if each.purges)


def _hearing(backend: Backend) -> Iterable[Logic]:
    return (each for each in _logic(backend) if any(job.trigger for job in each.jobs))


def _integrated(backend: Backend) -> tuple[Integration, ...]:
    return backend.logic.integrations


def _asking_others(backend: Backend) -> Iterable[Logic]:
    return (each for each in _logic(backend) if each.integrations)


def _delivering(backend: Backend) -> Iterable[Webhooks]:
    return (backend.logic.webhooks,) if backend.logic.webhooks else ()


def _with_webhooks(backend: Backend) -> Iterable[Logic]:
    return (each for each in _logic(backend) if each.webhooks)


def _sending(backend: Backend) -> tuple[Sender, ...]:
    return backend.logic.senders


def _with_senders(backend: Backend) -> Iterable[Logic]:
    return (each for each in _logic(backend) if each.senders)


def _with_asking_jobs(backend: Backend) -> Iterable[Logic]:
    return (each for each in _logic(backend) if each.asking)


def _worked_on(backend: Backend) -> Iterable[Resource]:
    return (each for each in backend.logic.resources if each.jobs)


def _of_entity(entity: Entity) -> tuple[str, ...]:
    return entity.origins


def _of_errors(data: DataModel) -> Iterable[str]:
    return (f"error:{error.code}" for error in data.errors)


def _of_tables(data: DataModel) -> Iterable[str]:
    return (f"entity:{entity.name}" for entity in data.entities)


def _of_system(logic: Logic) -> tuple[str, ...]:
    return (f"system:{logic.about.service}",)


def _of_whole(backend: Backend) -> tuple[str, ...]:
    return _of_system(backend.logic)


def _of_background(logic: Logic) -> Iterable[str]:
    for job in logic.jobs:
        yield from job.origins
    for schedule in logic.schedules:
        yield from (*schedule.requirements, schedule.origin)


def _of_integration(integration: Integration) -> tuple[str, ...]:
    return integration.origins


def _of_integrations(logic: Logic) -> Iterable[str]:
    return (origin for each in logic.integrations for origin in each.origins)


def _of_webhooks(webhooks: Webhooks) -> tuple[str, ...]:
    return webhooks.origins


def _of_announced(webhooks: Webhooks) -> Iterable[str]:
    yield from webhooks.origins
    if event := webhooks.disabled:
        yield from (*event.requirements, f"event:{event.name}")


def _of_sender(sender: Sender) -> tuple[str, ...]:
    return sender.origins


def _of_senders(logic: Logic) -> Iterable[str]:
    return (origin for each in logic.senders for origin in each.origins)


def _of_asking(logic: Logic) -> Iterable[str]:
    return (origin for job in logic.asking for origin in job.origins)


def _of_purges(logic: Logic) -> Iterable[str]:
    return (origin for job in logic.purges for origin in job.origins)


def _of_row_jobs(resource: Resource) -> Iterable[str]:
    yield from resource.entity.origins
    yield from (origin for job in resource.jobs for origin in job.origins)


def _of_requirements(backend: Backend) -> Iterable[str]:
    yield from _of_system(backend.logic)
    yield from (requirement.id for requirement in backend.logic.requirements)


def _of_access(logic: Logic) -> tuple[str, ...]:
    return (*logic.access.requirements, "roles")


def _of_settings(logic: Logic) -> Iterable[str]:
    yield from _of_accounts(logic)
    yield from (f"setting:{setting.variable}" for setting in logic.settings)


def _of_accounts(logic: Logic) -> tuple[str, ...]:
    return (*(logic.accounts.requirements if logic.accounts else ()), "auth")


def _of_limits(logic: Logic) -> tuple[str, ...]:
    limits = ("rate_limits",) if logic.limited_per else ()
    admin = ("admin",) if logic.admin is not None else ()
    return (*_of_system(logic), *limits, *admin)


def _of_resource(resource: Resource) -> tuple[str, ...]:
    return resource.entity.origins


def _of_events(resource: Resource) -> Iterable[str]:
    yield from resource.entity.origins
    for event in resource.events:
        yield from (*event.requirements, f"event:{event.name}")


def _of_operation(case: UseCase) -> tuple[str, ...]:
    return (*case.operation.requirements, f"operation:{case.operation.name}")


def _of_interface(backend: Backend) -> Iterable[str]:
    yield from _of_system(backend.logic)
    yield from _of_operations(backend.logic)


def _of_operations(logic: Logic) -> Iterable[str]:
    cases = (case for resource in logic.resources for case in resource.operations)
    return (f"operation:{case.operation.name}" for case in cases)


def _of_admin(backend: Backend) -> Iterable[str]:
    yield from (*(backend.logic.admin or ()), "admin")
    yield from _of_operations(backend.logic)


def _of_path(path: str, _: Logic) -> tuple[str, ...]:
    return served_by(path)


def _scaffold(backend: Backend) -> Tree:
    files = scaffold("tospec.profiles.cqrs")
    left_out = unneeded(backend)
    needed = (f for f in files if not any(fnmatchcase(f.path, each) for each in left_out))
    return Tree(File(file.path, file.text, served_by(file.path)) for file in needed)


_MODULE: Final = "{it.names.plural}.py"

DATA: Final[tuple[Artifact[Backend, Any], ...]] = (
    Artifact(_data, "app/errors.py", render_errors, _of_errors),
    Artifact(_entities, "app/models/{it.names.singular}.py", render_model, _of_entity),
    Artifact(_computing, "app/computed/" + _MODULE, render_computed, _of_entity),
    Artifact(_entities, "app/authorization/policies/" + _MODULE, render_policy, _of_entity),
    Artifact(_ruled, "app/rules/" + _MODULE, render_rules, _of_entity),
    Artifact(_entities, "app/repositories/" + _MODULE, render_repository, _of_entity),
    Artifact(_data, "migrations/versions/0001_accounts.py", render_accounts_migration, _of_tables),
    Artifact(_data, "migrations/versions/0002_initial.py", render_migration, _of_tables),
)

LOGIC: Final[tuple[Artifact[Backend, Any], ...]] = (
    Artifact(_logic, "app/about.py", render_about, _of_system),
    Artifact(_logic, "app/main.py", render_main, _of_limits),
    Artifact(_logic, "app/models/role.py", render_role, _of_access),
    Artifact(_logic, "app/authorization/permissions.py", render_permissions, _of_access),
    Artifact(_logic, "app/core/settings.py", render_settings, _of_settings),
    Artifact(_logic, "app/security/password_rules.py", render_password_rules, _of_accounts),
    Artifact(_data, "app/api/rule_statuses.py", render_rule_statuses, _of_errors),
    Artifact(_logic, "app/events/accounts.py", render_account_events, _of_accounts),
    Artifact(_resources, "app/schemas/{it.entity.names.plural}.py", render_schemas, _of_resource),
    Artifact(_announcing, "app/events/{it.entity.names.plural}.py", render_events, _of_events),
    Artifact(_resources, "app/services/{it.entity.names.plural}.py", render_service, _of_resource),
    Artifact(
        _changing,
        "app/commands/{it.entity.names.plural}/__init__.py",
        render_commands,
        _of_resource,
    ),
    Artifact(
        _commands,
        "app/commands/{it.entity.names.plural}/{it.operation.function}.py",
        render_command,
        _of_operation,
    ),
    Artifact(
        _bulks,
        "app/commands/{it.entity.names.plural}/{it.operation.function}.py",
        render_bulk,
        _of_operation,
    ),
    Artifact(
        _telling, "app/queries/{it.entity.names.plural}/__init__.py", render_queries, _of_resource
    ),
    Artifact(
        _queries,
        "app/queries/{it.entity.names.plural}/{it.operation.function}.py",
        render_query,
        _of_operation,
    ),
    Artifact(_working, "app/jobs/__init__.py", render_jobs, _of_background),
    Artifact(_worked_on, "app/jobs/{it.entity.names.plural}.py", render_row_jobs, _of_row_jobs),
    Artifact(_purging, "app/jobs/purges.py", render_purge_jobs, _of_purges),
    Artifact(_asking_others, "app/integrations/__init__.py", render_integrations, _of_integrations),
    Artifact(_integrated, "app/integrations/{it.name}.py", render_integration, _of_integration),
    Artifact(_with_senders, "app/inbox/__init__.py", render_senders, _of_senders),
    Artifact(_sending, "app/inbox/{it.name}.py", render_sender, _of_sender),
    Artifact(_sending, "app/events/from_{it.name}.py", render_told_events, _of_sender),
    Artifact(_sending, "app/schemas/from_{it.name}.py", render_told, _of_sender),
    Artifact(_with_senders, "app/api/routes/inbox.py", render_inbox_routes, _of_senders),
    Artifact(_delivering, "app/models/webhook_event.py", render_webhook_events, _of_webhooks),
    Artifact(_delivering, "app/core/webhook_rules.py", render_webhook_rules, _of_webhooks),
    Artifact(_delivering, "app/events/webhooks.py", render_announcements, _of_announced),
    Artifact(_with_asking_jobs, "app/jobs/outside.py", render_asking_jobs, _of_asking),
    Artifact(_routed, "app/api/routes/{it.entity.names.plural}.py", render_routes, _of_resource),
    Artifact(_logic, "app/api/routes/__init__.py", render_routers, _of_operations),
    Artifact(_logic, "app/handlers.py", render_handlers, _of_operations),
    Artifact(_whole, "app/seed.py", render_seed, _of_whole),
    Artifact(_paged, "app/admin/description.json", render_description, _of_admin),
    Artifact(_logic, "pyproject.toml", render_pyproject, _of_system),
    Artifact(_logic, ".env.example", render_env_example, _of_settings),
    Artifact(_whole, "README.md", render_readme, _of_whole),
    Artifact(_whole, "docs/openapi.json", render_openapi, _of_interface),
    Artifact(_whole, "docs/traceability.md", render_traceability, _of_requirements),
)

VARYING: Final[tuple[Artifact[Backend, Any], ...]] = tuple(
    Artifact(which, path, render_varying, partial(_of_path, path))
    for which, path in (
        (_logic, ".importlinter"),
        (_logic, "Makefile"),
        (_logic, "app/__main__.py"),
        (_with_webhooks, "app/api/routes/webhooks.py"),
        (_with_webhooks, "app/commands/webhooks/create_webhook.py"),
        (_logic, "app/models/audit_entry.py"),
        (_logic, "app/models/sign_in_attempt.py"),
        (_read_by_auditors, "app/schemas/audit.py"),
        (_purging, "app/worker/purge.py"),
        (_hearing, "tests/work/hearing.py"),
        (_logic, "tests/architecture/test_routes.py"),
        (_logic, "tests/operations/test_every_operation.py"),
        (_logic, "tests/plans/accounts.py"),
        (_logic, "tests/world.py"),
    )
)

DEPLOYMENT: Final[tuple[Artifact[Backend, Any], ...]] = (
    *(
        Artifact(_logic, path, render_deployment, _of_system)
        for path in (
            "Dockerfile",
            "compose.yaml",
            "deploy/Caddyfile",
            "deploy/kubernetes/api.yaml",
            "deploy/kubernetes/disruption.yaml",
            "deploy/kubernetes/ingress.yaml",
            "deploy/kubernetes/kustomization.yaml",
            "deploy/kubernetes/migration.yaml",
            "deploy/kubernetes/scaling.yaml",
            "deploy/kubernetes/settings.yaml",
        )
    ),
    Artifact(_keeping_files, "deploy/kubernetes/sweep.yaml", render_deployment, _of_system),
    Artifact(_working, "deploy/kubernetes/worker.yaml", render_deployment, _of_system),
)

REQUIREMENTS: Final[tuple[Artifact[Backend, Any], ...]] = tuple(
    Artifact(_logic, path, render_requirements, partial(_of_path, path))
    for path in ("requirements-dev.txt", "requirements.lock", "requirements.txt")
)

PROFILE: Final[Profile[Backend]] = Profile(
    name="cqrs",
    artifacts=(*DATA, *LOGIC, *TESTS, *VARYING, *DEPLOYMENT, *REQUIREMENTS),
    scaffold=_scaffold,
)
