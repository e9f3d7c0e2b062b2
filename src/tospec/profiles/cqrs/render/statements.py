"""Statements that the methods of services share."""

from collections.abc import Iterable, Iterator

from tospec.ir.entities import Entity
from tospec.ir.events import Emission, LinkPath
from tospec.ir.services import Dependent, RuleCall, Tie
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.variables import row_variable, rows_variable
from tospec.python import NOTHING, Code, attribute, fill, join, lines, literal, symbol


def check_rules(entity: Entity, row: Code, call: RuleCall | None) -> Iterator[Code]:
    """Return the statement that holds a stored row against rules."""
    if call is not None:
        yield fill(
            "await self._{}.check({}.id, {}, tenant_id=self._tenant_id)",
            rows_variable(entity.names),
            row,
            rules_of(entity, call),
        )


def held(entity: Entity, call: RuleCall | None) -> Code:
    """Return the argument that holds a row that is written against rules."""
    return fill(", rules={}", rules_of(entity, call)) if call is not None else NOTHING


def required(entity: Entity, call: RuleCall | None) -> Code:
    """Return the argument that holds a row against rules before it is changed."""
    return fill(", required={}", rules_of(entity, call)) if call is not None else NOTHING


def rules_of(entity: Entity, call: RuleCall) -> Code:
    """Return the rules of a moment."""
    module = symbol("app.rules", entity.names.plural, alias="rules")
    settings = [Code("self._settings")] if call.uses_settings else []
    inputs = (fill("{0}=body.{0}", attribute(name)) for name in call.inputs)
    arguments = join(", ", (*settings, *inputs))
    return fill("{}.{}({})", module, attribute(call.function), arguments)


def record(
    entity: Entity, action: str, row: Code, *, before: Code | None, after: Code | None
) -> Iterator[Code]:
    """Return the statement that leaves an audit entry, if the entity's changes leave any."""
    if entity.audit:
        yield entry(
            literal(f"{entity.names.singular}.{action}"),
            literal(entity.names.singular),
            row,
            before=before,
            after=after,
        )


def entry(
    action: Code, entity: Code, row: Code, *, before: Code | None, after: Code | None
) -> Code:
    """Return the statement that leaves an audit entry."""
    states = [fill(", before={}", before)] if before else []
    states += [fill(", after={}", after)] if after else []
    return fill("await self._audit.record({}, {}, {}.id{})", action, entity, row, join("", states))


def announce(
    entity: Entity, emissions: Iterable[Emission], row: Code, *, before: Code | None
) -> Iterator[Code]:
    """Return the statements that announce events about a row.

    Args:
        entity: The row's entity.
        emissions: What is announced.
        row: Variable of the row as it is now.
        before: Variable of the row as it was; None for a new one.
    """
    for emission in emissions:
        yield from _announcement(entity, emission, row, before)


def _announcement(
    entity: Entity, emission: Emission, row: Code, before: Code | None
) -> Iterator[Code]:
    statement = fill("await self._outbox.add({})", _event(emission, row, before))
    if emission.mentions is not None:
        statement = _for_each(_mentioned(entity, emission.mentions, row), emission, statement)
    if emission.links is not None:
        statement = _linked(emission.links, row, emission, statement)
    condition = _condition(emission, row, before)
    if condition is not None:
        statement = fill("if {}:\n    {}", condition, statement.indented(4))
    yield statement.indented(8)


def _for_each(listed: Code, emission: Emission, statement: Code) -> Code:
    item = attribute(emission.event.each) if emission.event.each else Code("_")
    return fill("for {} in {}:\n    {}", item, listed, statement.indented(4))


def _linked(links: LinkPath, row: Code, emission: Emission, statement: Code) -> Code:
    """Return the statement for each id that is reached by hops from a row."""
    if not links.hops:
        return _for_each(fill("{}.{}", row, attribute(links.field)), emission, statement)
    hop, *others = links.hops
    reached = row_variable(hop.to)
    further = LinkPath(hops=tuple(others), field=links.field)
    fetched = fill(
        "{} = await self._{}.get({}.{}, tenant_id=self._tenant_id)",
        reached,
        rows_variable(hop.to),
        row,
        attribute(hop.column),
    )
    block = lines([fetched, _linked(further, reached, emission, statement)])
    if not hop.nullable:
        return block
    return fill("if {}.{} is not None:\n    {}", row, attribute(hop.column), block.indented(4))


def _event(emission: Emission, row: Code, before: Code | None) -> Code:
    event = emission.event
    class_ = symbol(f"app.events.{event.of.plural}", event.name)
    arguments = [row]
    if event.has_before:
        arguments.append(fill("before={}", before or Code("None")))
    if event.each:
        arguments.append(fill("{0}={0}", attribute(event.each)))
    return fill("{}.of({})", class_, join(", ", arguments))


def _condition(emission: Emission, row: Code, before: Code | None) -> Code | None:
    if emission.changed is None:
        return None
    name = attribute(emission.changed)
    tests = [fill("{}.{} is not None", row, name)] if emission.nullable else []
    tests += [fill("{}.{}", row, name)] if emission.is_many and before is None else []
    tests += [fill("{}.{} != {}.{}", row, name, before, name)] if before else []
    if not tests:
        return None
    return join(" and ", tests)


def _mentioned(entity: Entity, member: str, row: Code) -> Code:
    """Return the ids of the people whom a text mentions."""
    return fill(
        "await self._mentions.mentioned({}.{}, tenant_id=self._tenant_id, "
        "table=self._{}.table, row_id={}.id, visible={}.visible)",
        row,
        attribute(member),
        rows_variable(entity.names),
        row,
        own_policy(entity),
    )


def own_policy(entity: Entity) -> Code:
    """Return the module of the entity's own policy."""
    return symbol("app.authorization.policies", entity.names.plural, alias="policy")


def untie(dependents: Iterable[Dependent], entity: Entity) -> Iterator[Code]:
    """Return the statements on rows that refer to those that are about to go."""
    loops = [_loop(entity, each) for each in dependents]
    if loops:
        row, rows = row_variable(entity.names), rows_variable(entity.names)
        body = lines(loops).indented(4)
        yield fill("for {} in {}:\n    {}", row, rows, body).indented(8)


def _loop(entity: Entity, dependent: Dependent) -> Code:
    row = row_variable(entity.names)
    found = fill(
        "await self._{}.referring({}, {}.id, tenant_id=self._tenant_id)",
        rows_variable(dependent.entity),
        literal(dependent.column),
        row,
    )
    if dependent.tie is Tie.REMOVE:
        owner = Code("self") if dependent.is_self else service_attribute(dependent)
        return fill("await {}.remove({})", owner, found)
    if dependent.tie is Tie.REFUSE:
        return fill("if {}:\n    raise ReferencedError", found)
    return _cleared(entity, dependent, found)


def service_attribute(dependent: Dependent) -> Code:
    """Return the service of the rows that go with others."""
    return fill("self._{}_service", attribute(dependent.entity.singular))


def _cleared(entity: Entity, dependent: Dependent, found: Code) -> Code:
    # Loops over rows of several entities stand in one function; each needs names of its own.
    other = fill("other_{}", attribute(dependent.entity.singular))
    cleared = fill("cleared_{}", attribute(dependent.entity.singular))
    update = fill(
        "await self._{}.update({}, {{{}: None}}, tenant_id=self._tenant_id)",
        rows_variable(dependent.entity),
        other,
        literal(dependent.column),
    )
    statements = [update]
    if dependent.audit:
        name = dependent.entity.singular
        action, kind = literal(f"{name}.update"), literal(name)
        statements = [
            fill("{} = {}", cleared, update),
            entry(action, kind, other, before=other, after=cleared),
        ]
    loop = fill("for {} in {}:\n    {}", other, found, lines(statements).indented(4))
    return lines([loop, _forgotten(entity, dependent)]) if dependent.kept else loop


def _forgotten(entity: Entity, dependent: Dependent) -> Code:
    return fill(
        "await self._{}.forget({}, {}.id, tenant_id=self._tenant_id)",
        rows_variable(dependent.entity),
        literal(dependent.column),
        row_variable(entity.names),
    )


def model_of(entity: Entity) -> Code:
    """Return the class of the entity's rows."""
    return places.model(entity.names)
