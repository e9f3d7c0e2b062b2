"""From blocks to a system: declare all names, then decode, then look at the whole."""

from collections.abc import Iterator

from tospec.diagnostics import Diagnostic, Domain
from tospec.model import AuditTrail, Authority, Block, Entity, Field, Operation, System, View
from tospec.syntax import codes
from tospec.syntax.brought import (
    brought_entity,
    brought_operations,
    brought_skeletons,
    brought_views,
    reserve_views,
)
from tospec.syntax.circles import check_circles
from tospec.syntax.clashes import (
    check_bulk_names,
    check_clashes,
    check_job_names,
    check_message_names,
    check_webhook_names,
)
from tospec.syntax.conventions import operations_1, rest_1
from tospec.syntax.declaring import declare
from tospec.syntax.decode import system as whole
from tospec.syntax.decode.announcements import announce_events, decode_errors, decode_events
from tospec.syntax.decode.budgets import decode_budgets
from tospec.syntax.decode.bulks import decode_bulks
from tospec.syntax.decode.computed import ComputedValues
from tospec.syntax.decode.custom import decode_commands, decode_queries
from tospec.syntax.decode.entities import decode_entity
from tospec.syntax.decode.environment import Environment
from tospec.syntax.decode.integrations import calls_of, decode_integrations
from tospec.syntax.decode.jobs import decode_jobs, decode_operator, decode_schedules
from tospec.syntax.decode.measures import Measured, decode_measures
from tospec.syntax.decode.messages import announce_messages, events_told
from tospec.syntax.decode.operations import sugar_operations
from tospec.syntax.decode.scenarios import decode_scenarios
from tospec.syntax.decode.skeletons import skeletons_of
from tospec.syntax.decode.views import announce_views, decode_views, default_views
from tospec.syntax.decode.webhooks import decode_webhooks
from tospec.syntax.draft import Draft
from tospec.syntax.language import is_newer
from tospec.syntax.parameters import check_parameters
from tospec.syntax.parts import Part, first_of, parts_of
from tospec.syntax.problems import Problems
from tospec.syntax.reading import Reading
from tospec.syntax.routes import check_routes
from tospec.syntax.scope import types_of

_NAMED = (
    "system",
    "entity",
    "view",
    "command",
    "query",
    "measures",
    "bulk",
    "job",
    "schedule",
    "integration",
    "scenario",
    "budget",
    "decision",
)


def assemble(reading: Reading) -> tuple[System | None, tuple[Diagnostic, ...]]:
    """Return the system that a spec describes, or None and everything that is wrong with it."""
    problems = Problems()
    if is_newer(reading.blocks, problems):
        return None, problems.all()
    known = frozenset(requirement.id for requirement in reading.requirements)
    parts = parts_of(reading.blocks, known, problems)
    head = first_of(parts, "system")
    if reading.blocks and head is None:
        message = "The spec has no block that says what system it is about."
        place = parts[0].name.span if parts else reading.blocks[0].span
        problems.add(codes.NO_SYSTEM, place, message, "Write a block with `system: name`.")
    system = None
    if parts:
        place = (head or parts[0]).name.span
        spec = Draft(reading, parts, place, declare(parts, problems), problems)
        system = _system(spec, head or parts[0])
    found = problems.all()
    return (None if found or reading.diagnostics else system), found


def _system(spec: Draft, head: Part) -> System:
    auth = whole.decode_auth(spec.first("auth"), spec.names)
    audit = whole.decode_audit(spec.first("audit"), spec.names)
    settings = tuple(whole.decode_settings(spec.all("settings"), spec.problems))
    environment = _environment(spec, head, settings, audit)
    entities = _entities(spec, environment)
    errors = tuple(decode_errors(spec.all("errors"), spec.names))
    integrations = tuple(decode_integrations(spec.all("integration"), environment))
    events = (*decode_events(spec.all("events"), environment), *events_told(integrations))
    measured = dict(decode_measures(spec.all("measures"), environment))
    environment.calls = calls_of(integrations)
    jobs = tuple(decode_jobs(spec.all("job"), events, environment))
    operator = decode_operator(spec.first("jobs"), environment)
    webhooks = decode_webhooks(spec.first("webhooks"), environment)
    fixed = tuple(brought_operations(spec, auth, audit, operator, webhooks, integrations))
    operations = (*fixed, *_operations(spec, entities, measured, environment))
    bulks = tuple(decode_bulks(spec.all("bulk"), entities, environment))
    _check_operations(spec, operations)
    pages = (operations_1.ADMIN_PART,) if spec.first("admin") else ()
    check_routes((*operations, *bulks), spec.problems, pages)
    views = (
        *_views(spec, entities, audit, environment),
        *(view for _, view in measured.values()),
    )
    check_clashes(entities.values(), operations, views, errors, spec.names)
    check_bulk_names(bulks, spec.names)
    if spec.first("job"):
        check_job_names(spec.names)
    if spec.first("webhooks"):
        check_webhook_names(spec.names)
    if any(each.sends for each in integrations):
        check_message_names(spec.names)
    check_circles(entities.values(), spec.problems)
    check_parameters(spec.all("entity"), entities, spec.problems)
    if head.kind == "system":
        whole.check_system(head, spec.problems)
    by_name = {operation.name: operation for operation in operations}
    values = {name: tuple(m.name for m in view.measures) for name, (_, view) in measured.items()}
    return System(
        name=head.name.text,
        title=head.keys.text("title") or head.name.text,
        version=head.keys.text("version"),
        description=head.keys.text("description"),
        profile=head.keys.text("profile"),
        databases=tuple(word.text for word in head.keys.words("databases")),
        conventions=environment.conventions,
        authority=whole.decode_authority(head),
        span=head.name.span,
        requirements=whole.requirement_texts(spec.reading.requirements),
        tenancy=whole.decode_tenancy(spec.first("tenancy")),
        auth=auth,
        audit=audit,
        idempotency=whole.decode_idempotency(spec.first("idempotency")),
        rate_limits=whole.decode_rate_limits(
            spec.first("rate_limits"), is_told=any(each.sends for each in integrations)
        ),
        watch=whole.decode_watch(spec.first("operations")),
        admin=whole.decode_admin(spec.first("admin")),
        storage=whole.decode_storage(spec.first("storage")),
        roles=tuple(spec.names.roles.spans),
        permissions=whole.decode_permissions(spec.first("roles"), spec.names),
        settings=settings,
        entities=tuple(entities.values()),
        views=views,
        operations=operations,
        errors=errors,
        events=events,
        scenarios=tuple(decode_scenarios(spec.all("scenario"), by_name, values, environment)),
        decisions=tuple(whole.decode_decisions(spec.all("decision"), spec.problems)),
        blocks=tuple(_block(part) for part in spec.parts),
        bulks=bulks,
        budgets=tuple(decode_budgets(spec.all("budget"), by_name, environment)),
        jobs=jobs,
        schedules=tuple(decode_schedules(spec.all("schedule"), jobs, environment)),
        job_operator=operator,
        integrations=integrations,
        webhooks=webhooks,
    )


def _environment(
    spec: Draft, head: Part, settings: tuple[Field, ...], audit: AuditTrail | None
) -> Environment:
    roles = tuple(spec.names.roles.spans)
    built_in = brought_skeletons(spec, roles, with_audit=audit is not None)
    skeletons = skeletons_of(spec.all("entity"), built_in, spec.names)
    types = types_of(skeletons, settings, spec.names.permissions.spans.keys(), roles)
    conventions = whole.decode_conventions(head, spec.problems)
    may_decide = dict(whole.decode_authority(head)).get(Domain.API) is Authority.FULL
    environment = Environment(
        spec.problems,
        spec.names,
        skeletons,
        types,
        conventions,
        rest_decides=may_decide and rest_1.NAME in conventions,
    )
    reserve_views(spec, environment)
    announce_views(spec.all("view"), environment)
    announce_events(spec.all("events"), environment)
    announce_messages(spec.all("integration"), environment)
    return environment


def _entities(spec: Draft, environment: Environment) -> dict[str, Entity]:
    computed = ComputedValues(environment)
    for skeleton in environment.skeletons.values():
        computed.announce(skeleton)
    found = {}
    for name, skeleton in environment.skeletons.items():
        if skeleton.part:
            found[name] = decode_entity(skeleton, skeleton.part, computed, environment)
        else:
            found[name] = brought_entity(skeleton, spec)
    return found


def _views(
    spec: Draft, entities: dict[str, Entity], audit: AuditTrail | None, environment: Environment
) -> Iterator[View]:
    yield from decode_views(spec.all("view"), environment)
    yield from default_views(entities.values(), environment)
    yield from brought_views(spec, audit)


def _operations(
    spec: Draft,
    entities: dict[str, Entity],
    measured: dict[str, Measured],
    environment: Environment,
) -> Iterator[Operation]:
    for part in spec.parts:
        if part.kind == "entity" and part.name.text in entities:
            yield from sugar_operations(entities[part.name.text], entities)
        elif part.kind == "command":
            yield from decode_commands((part,), environment)
        elif part.kind == "query":
            yield from decode_queries((part,), environment)
        elif part.kind == "measures" and part.name.text in measured:
            yield measured[part.name.text][0]


def _check_operations(spec: Draft, operations: tuple[Operation, ...]) -> None:
    names = spec.names
    for operation in operations:
        if operation.origin == "spec":
            continue
        own = names.operations.spans.get(operation.name)
        if own:
            message = f"There is an operation '{operation.name}' already ({operation.origin})."
            related = ((operation.span, "It follows from this."),)
            help_ = "Give this one another name."
            spec.problems.add(codes.DUPLICATE_NAME, own, message, help_, related)
        elif names.operations.add(operation.name, operation.span):
            names.add_class(operation.name, "operation", operation.span)


def _block(part: Part) -> Block:
    return Block(
        kind=part.kind,
        name=part.name.text if part.kind in _NAMED else "",
        requirements=part.requirements,
        span=part.span,
    )
