"""Operations that tell what is measured over the rows that belong to one row."""

from collections.abc import Iterable, Iterator

from tospec.expression import HasPermission, MayDo, Path, Typed
from tospec.expression import parts as parts_of
from tospec.expression.types import UNKNOWN
from tospec.model import Computed, Keeping, Kind, Operation, View
from tospec.syntax import codes
from tospec.syntax.decode.computed import NO_VALUES
from tospec.syntax.decode.custom import http_of, row_of
from tospec.syntax.decode.environment import Environment
from tospec.syntax.formulas import compile_node
from tospec.syntax.keys import Keys, Word
from tospec.syntax.names import check_member_name
from tospec.syntax.nodes import Node
from tospec.syntax.parts import Part
from tospec.syntax.scope import RowScope

type Measured = tuple[Operation, View]
"""An operation, and the shape of its answer."""


def decode_measures(
    parts: Iterable[Part], environment: Environment
) -> Iterator[tuple[str, Measured]]:
    """Yield the operations of the spec that measure, by name, each with what its answer holds."""
    for part in parts:
        http = http_of(part.keys)
        entity = _entity(part, environment) if http else None
        if http and entity:
            yield part.name.text, _measured(part, http, entity, environment)


def _entity(part: Part, environment: Environment) -> str | None:
    method, _, path = part.keys.text("http").partition(" ")
    if method != "GET":
        message = "Measures only tell; their method is GET."
        place = part.keys.place("http")
        environment.problems.add(codes.BAD_PATH, place, message, f"GET {path}")
    message = "Measures are about one row, so their path has one parameter."
    return row_of(part, message, "/v1/projects/{project}/statistics", environment)


def _measured(part: Part, http: tuple[str, str], entity: str, environment: Environment) -> Measured:
    keys, name = part.keys, part.name
    scope = RowScope(environment.types, entity)
    found = (_measure(*each, scope, environment) for each in keys.entries("values"))
    view = View(
        name=f"{name.text}View",
        of=entity,
        fields=(),
        requirements=part.requirements,
        span=name.span,
        measures=tuple(each for each in found if each),
    )
    operation = Operation(
        name=name.text,
        kind=Kind.MEASURE,
        entity=entity,
        method=http[0],
        path=http[1],
        permission=environment.permission(keys),
        view=view.name,
        requirements=part.requirements,
        span=name.span,
        keeping=_keeping(keys, environment),
        description=keys.text("description"),
    )
    return operation, view


def _measure(name: Word, node: Node, scope: RowScope, environment: Environment) -> Computed | None:
    problems = environment.problems
    check_member_name(name.text, "computed value", name.span, problems)
    value = compile_node(node, scope, UNKNOWN, problems)
    if value is None:
        return None
    if value.tree.type.kind in NO_VALUES:
        message = f"A measure is one value; this is {value.tree.type}."
        problems.add(codes.WRONG_MEMBER, node.span, message)
        return None
    if any(map(_is_more, parts_of(value.tree.root))):
        message = "A measure is the same for everybody who sees the row, in every installation."
        help_ = "Use rows, constants and now() only."
        problems.add(codes.MEASURE_OF_MORE, node.span, message, help_)
        return None
    return Computed(name=name.text, value=value, span=name.span)


def _is_more(part: Typed) -> bool:
    is_variable = isinstance(part, Path) and not part.is_stored
    return is_variable or isinstance(part, HasPermission | MayDo)


def _keeping(keys: Keys, environment: Environment) -> Keeping | None:
    kept = keys.record("keep")
    seconds = kept.seconds("for") if kept else None
    if kept is None or seconds is None:
        return None
    words = kept.words("until")
    for word in words:
        environment.names.resolve(codes.UNKNOWN_ENTITY, word, environment.names.entities)
    until = tuple(word.text for word in words) if "until" in kept else None
    return Keeping(seconds=seconds, until=until, span=keys.key_place("keep"))
