"""From blocks to a system: declare all names, then decode, then look at the whole."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tospec.diagnostics import Diagnostic, Domain
from tospec.model import AuditTrail, Auth, Authority, Block, Entity, Field, Operation, System, View
from tospec.source import Span
from tospec.syntax import codes
from tospec.syntax.circles import check_circles
from tospec.syntax.clashes import check_bulk_names, check_clashes
from tospec.syntax.conventions import accounts_1, audit_1, operations_1, rest_1
from tospec.syntax.declaring import Catalogue, declare
from tospec.syntax.decode import system as whole
from tospec.syntax.decode.announcements import announce_events, decode_errors, decode_events
from tospec.syntax.decode.budgets import decode_budgets
from tospec.syntax.decode.bulks import decode_bulks
from tospec.syntax.decode.computed import ComputedValues
from tospec.syntax.decode.custom import decode_commands, decode_queries
from tospec.syntax.decode.entities import built_in_entity, decode_entity
from tospec.syntax.decode.environment import Environment
from tospec.syntax.decode.jobs import decode_jobs, decode_operator, decode_schedules
from tospec.syntax.decode.measures import Measured, decode_measures
from tospec.syntax.decode.operations import sugar_operations
from tospec.syntax.decode.scenarios import decode_scenarios
from tospec.syntax.decode.skeletons import Skeleton, skeletons_of
from tospec.syntax.decode.views import announce_views, decode_views, default_views
from tospec.syntax.language import is_newer
from tospec.syntax.parameters import check_parameters
from tospec.syntax.parts import Part, all_of, first_of, parts_of
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
    "scenario",
    "budget",
    "decision",
)


@dataclass(slots=True)
class _Spec:
    """A spec while it is being assembled.

    Attributes:
        place: Where what the conventions bring is said to stand.
    """

    reading: Reading
    parts: tuple[Part, ...]
    place: Span
    names: Catalogue
    problems: Problems

    def first(self, kind: str) -> Part | None:
        """Return the first block of a kind."""
        return first_of(self.parts, kind)

    def all(self, kind: str) -> tuple[Part, ...]:
        """Return the blocks of a kind."""
        return all_of(self.parts, kind)


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
        spec = _Spec(reading, parts, place, declare(parts, problems), problems)
        system = _system(spec, head or parts[0])
    found = problems.all()
    return (None if found or reading.diagnostics else system), found


def _system(spec: _Spec, head: Part) -> System:
    auth = whole.decode_auth(spec.first("auth"), spec.names)
    audit = whole.decode_audit(spec.first("audit"), spec.names)
    settings = tuple(whole.decode_settings(spec.all("settings"), spec.problems))
    environment = _environment(spec, head, settings, audit)
    entities = _entities(spec, environment)
    errors = tuple(decode_errors(spec.all("errors"), spec.names))
    measured = dict(decode_measures(spec.all("measures"), environment))
    operations = tuple(_operations(spec, entities, (auth, audit), measured, environment))
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
        rate_limits=whole.decode_rate_limits(spec.first("rate_limits")),
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
        events=tuple(decode_events(spec.all("events"), environment)),
        scenarios=tuple(decode_scenarios(spec.all("scenario"), by_name, values, environment)),
        decisions=tuple(whole.decode_decisions(spec.all("decision"), spec.problems)),
        blocks=tuple(_block(part) for part in spec.parts),
        bulks=bulks,
        budgets=tuple(decode_budgets(spec.all("budget"), by_name, environment)),
        jobs=tuple(decode_jobs(spec.all("job"), environment)),
        schedules=tuple(decode_schedules(spec.all("schedule"), environment)),
        job_operator=decode_operator(spec.first("jobs"), environment),
    )


def _environment(
    spec: _Spec, head: Part, settings: tuple[Field, ...], audit: AuditTrail | None
) -> Environment:
    roles = tuple(spec.names.roles.spans)
    built_in = _built_in(spec, roles, with_audit=audit is not None)
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
    for name, (entity, _) in accounts_1.VIEWS.items():
        _reserve_view(name, entity, spec, environment)
    _reserve_view(accounts_1.ME, "User", spec, environment)
    _reserve_view(audit_1.VIEW, audit_1.ENTITY, spec, environment)
    announce_views(spec.all("view"), environment)
    announce_events(spec.all("events"), environment)
    return environment


def _built_in(spec: _Spec, roles: tuple[str, ...], *, with_audit: bool) -> Iterator[Skeleton]:
    for name, fields in accounts_1.entity_fields(roles, spec.place).items():
        yield Skeleton(name, None, fields, ())
    if with_audit:
        yield Skeleton(audit_1.ENTITY, None, audit_1.entity_fields(spec.place), ())


def _reserve_view(name: str, entity: str, spec: _Spec, environment: Environment) -> None:
    declared = spec.names.views.spans.get(name)
    if declared:
        message = f"'{name}' is a view that comes with the conventions."
        help_ = "Give the view another name."
        spec.problems.add(codes.RESERVED_NAME, declared, message, help_)
    spec.names.views.spans.setdefault(name, spec.place)
    environment.view_of.setdefault(name, entity)


def _entities(spec: _Spec, environment: Environment) -> dict[str, Entity]:
    computed = ComputedValues(environment)
    for skeleton in environment.skeletons.values():
        computed.announce(skeleton)
    found = {}
    for name, skeleton in environment.skeletons.items():
        if skeleton.part:
            found[name] = decode_entity(skeleton, skeleton.part, computed, environment)
        else:
            origin = audit_1.NAME if name == audit_1.ENTITY else accounts_1.NAME
            found[name] = built_in_entity(skeleton, origin, f"{name}View", spec.place)
    return found


def _views(
    spec: _Spec, entities: dict[str, Entity], audit: AuditTrail | None, environment: Environment
) -> Iterator[View]:
    yield from decode_views(spec.all("view"), environment)
    yield from default_views(entities.values(), environment)
    for name, (entity, fields) in accounts_1.VIEWS.items():
        yield _built_in_view(name, entity, fields, accounts_1.NAME, spec)
    me = _built_in_view(accounts_1.ME, "User", (), accounts_1.NAME, spec)
    yield replace(me, parts=accounts_1.ME_PARTS, texts=accounts_1.ME_TEXTS)
    if audit:
        fields = audit_1.view_fields(spec.place)
        yield _built_in_view(audit_1.VIEW, audit_1.ENTITY, fields, audit_1.NAME, spec)


def _built_in_view(name: str, of: str, fields: tuple[str, ...], origin: str, spec: _Spec) -> View:
    return View(name=name, of=of, fields=fields, requirements=(), span=spec.place, origin=origin)


def _operations(
    spec: _Spec,
    entities: dict[str, Entity],
    accounts: tuple[Auth | None, AuditTrail | None],
    measured: dict[str, Measured],
    environment: Environment,
) -> Iterator[Operation]:
    auth, audit = accounts
    if auth:
        yield from accounts_1.operations(auth)
    if audit:
        yield audit_1.operation(audit)
    for part in spec.parts:
        if part.kind == "entity" and part.name.text in entities:
            yield from sugar_operations(entities[part.name.text], entities)
        elif part.kind == "command":
            yield from decode_commands((part,), environment)
        elif part.kind == "query":
            yield from decode_queries((part,), environment)
        elif part.kind == "measures" and part.name.text in measured:
            yield measured[part.name.text][0]


def _check_operations(spec: _Spec, operations: tuple[Operation, ...]) -> None:
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
