"""`app/seed.py`: what an example tenant holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tospec.ir.backend import Backend
from tospec.ir.entities import Entity
from tospec.ir.names import EntityNames
from tospec.ir.operations import Operation
from tospec.ir.seed import Kind, Link, Move, Reference, Seed, Value
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.messages import message_class
from tospec.profiles.cqrs.render.seed_steps import (
    body_class,
    called,
    seed_row,
    step_function,
    steps_of,
)
from tospec.profiles.cqrs.render.seed_values import value_code
from tospec.python import (
    Code,
    attribute,
    docstring,
    fill,
    join,
    literal,
    module,
)

_FEW: Final = 4
_MOST_LINKS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    row: Code
    rows: Code
    model: Code
    label: Code
    count: Code
    statements: tuple[Code, ...]
    ways: Code


def render_seed(backend: Backend, path: str) -> str:
    """Return the module of the example data."""
    seed = backend.seed
    kinds = [(kind, _kind(kind)) for kind in seed.kinds]
    body = TEMPLATES.render(
        "seed.py.j2",
        artifact=path,
        docstring=docstring(_about(seed), indent=4),
        kinds=[printed for _, printed in kinds],
        moving=[printed for kind, printed in kinds if kind.ways],
        steps=[step for kind in seed.kinds for step in steps_of(kind)],
    )
    return module("What an example tenant holds.", body, artifact=path)


def _about(seed: Seed) -> str:
    main = next((kind.entity.names.nouns for kind in seed.kinds if kind.is_main), "rows")
    return f"Store `rows` {main} of a crew's tenant, and what goes with them; count each kind."


def _kind(kind: Kind) -> _Kind:
    names = kind.entity.names
    return _Kind(
        row=attribute(names.singular),
        rows=attribute(names.plural),
        model=places.model(names),
        label=literal(names.nouns),
        count=_count(kind),
        statements=tuple(each.indented(8) for each in _statements(kind)),
        ways=join(", ", (_way(kind, way) for way in kind.ways)),
    )


def _count(kind: Kind) -> Code:
    if kind.is_main:
        return Code("count=rows, over=crews.WEEKS")
    return fill("count={}", Code("rows // 4") if kind.is_after else literal(_FEW))


def _statements(kind: Kind) -> Iterator[Code]:
    entity = kind.entity
    above = [kind.above] if kind.above else []
    needed = [each for each in kind.references if not each.optional and not each.many]
    for each in (*above, *needed):
        yield fill("{} = {}", attribute(each.name), _picked(each))
    members = [(value.member.name, value_code(entity, value)) for value in kind.values]
    members += [(each.name, _referred(each)) for each in kind.references]
    yield fill("body = {}", called(body_class(entity, kind.create), members))
    row = seed_row(entity.names)
    created = fill("await self._crew.create(body, lambda sent: {})", _creation(kind))
    if not kind.links and not kind.ways:
        yield fill("return {}", created)
        return
    yield fill("{} = {}", row, created)
    follows = [_linked(link) for link in kind.links]
    follows += [_moves(kind)] if kind.ways else []
    for steps in follows[:-1]:
        yield fill("{0} = await self._crew.follow({0}, {1})", row, steps)
    yield fill("return await self._crew.follow({}, {})", row, follows[-1])


def _creation(kind: Kind) -> Code:
    above = [(each, attribute(each)) for each in kind.create.parameters]
    message = message_class(kind.entity, kind.create)
    return called(message, [*above, ("body", Code("sent"))])


def _linked(link: Link) -> Code:
    options = _rows(link.to, None, ())
    picked = fill("turn.some({}, {}, {})", literal(link.field), options, literal(_MOST_LINKS))
    return fill("[{}(each) for each in {}]", step_function(link.operation), picked)


def _moves(kind: Kind) -> Code:
    lifecycle = kind.entity.lifecycle
    state = literal(lifecycle.field if lifecycle else "")
    return fill(
        "turn.pick({}, self._ways_of_{}(turn))", state, attribute(kind.entity.names.singular)
    )


def _referred(reference: Reference) -> Code:
    if not reference.optional and not reference.many:
        return attribute(reference.name)
    return _picked(reference)


def _picked(reference: Reference) -> Code:
    name = literal(reference.name)
    options = _rows(reference.to, reference.permission, reference.shared)
    if reference.many:
        most = literal(min(reference.limit or _MOST_LINKS, _MOST_LINKS))
        return fill("turn.some({}, {}, {})", name, options, most)
    if not reference.optional:
        return fill("turn.pick({}, {})", name, options)
    choose = Code("rarely") if reference.is_self else Code("either")
    return fill("turn.{}({}, {})", choose, name, options)


def _rows(to: EntityNames | None, permission: str | None, shared: tuple[str, ...]) -> Code:
    if to is None:
        held = places.permission(permission) if permission else Code("")
        return fill("self._crew.ids({})", held)
    same = [fill("each.{0} == {0}", attribute(name)) for name in shared]
    rows = attribute(to.plural)
    if not same:
        return fill("[each.id for each in self._{}]", rows)
    return fill("[each.id for each in self._{} if {}]", rows, join(" and ", same))


def _way(kind: Kind, way: tuple[str, ...]) -> Code:
    moves = {move.operation.function: move for move in kind.moves}
    steps = [_step(kind.entity, moves[name]) for name in way]
    if len(steps) == 1:
        return fill("({},)", *steps)
    return fill("({})", join(", ", steps))


def _step(entity: Entity, move: Move) -> Code:
    function = step_function(move.operation)
    if not move.operation.body:
        return function
    return fill("{}({})", function, _filled(entity, move.operation, move.values))


def _filled(entity: Entity, operation: Operation, values: tuple[Value, ...]) -> Code:
    members = [(value.member.name, value_code(entity, value)) for value in values]
    return called(body_class(entity, operation), members)
