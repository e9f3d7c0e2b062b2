"""Computed values, each after those that it follows from."""

from typing import Final

from tospec.expression import Kind
from tospec.expression.types import UNKNOWN, Type
from tospec.model import Computed
from tospec.syntax import codes
from tospec.syntax.decode.environment import Environment
from tospec.syntax.decode.skeletons import Skeleton
from tospec.syntax.formulas import compile_node
from tospec.syntax.keys import Word
from tospec.syntax.nodes import Scalar
from tospec.syntax.scope import RowScope

DEEPEST: Final = 10
NO_VALUES: Final = frozenset({Kind.LIST, Kind.NULL, Kind.RECORD, Kind.MANY})


class ComputedValues:
    """Compiles the computed values of all entities, on demand and once each."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._done: dict[tuple[str, str], Computed | None] = {}
        self._open: list[str] = []

    def announce(self, skeleton: Skeleton) -> None:
        """Let expressions name the computed values of an entity."""
        members = self._environment.types.entities[skeleton.name]
        for name, scalar in skeleton.computed:

            def type_of(name: Word = name, scalar: Scalar = scalar) -> Type:
                value = self._compiled(skeleton.name, name, scalar)
                return value.value.tree.type if value else UNKNOWN

            members.add_later(name.text, type_of)

    def of(self, skeleton: Skeleton) -> tuple[Computed, ...]:
        """Return the computed values of an entity."""
        found = (self._compiled(skeleton.name, *pair) for pair in skeleton.computed)
        return tuple(computed for computed in found if computed)

    def _compiled(self, entity: str, name: Word, scalar: Scalar) -> Computed | None:
        key = (entity, name.text)
        if key not in self._done:
            path = f"{entity}.{name.text}"
            if path in self._open or len(self._open) >= DEEPEST:
                self._report_circle(name, path)
                return None
            self._open.append(path)
            compiled = self._compile(entity, name, scalar)
            self._open.pop()
            self._done[key] = compiled
        return self._done[key]

    def _compile(self, entity: str, name: Word, scalar: Scalar) -> Computed | None:
        problems = self._environment.problems
        scope = RowScope(self._environment.types, entity)
        value = compile_node(scalar, scope, UNKNOWN, problems)
        if value is None:
            return None
        if value.tree.type.kind in NO_VALUES:
            message = f"A computed value is one value; this is {value.tree.type}."
            problems.add(codes.WRONG_MEMBER, scalar.span, message)
            return None
        return Computed(name=name.text, value=value, span=name.span)

    def _report_circle(self, name: Word, path: str) -> None:
        chain = " → ".join([*self._open, path])
        circle = path in self._open
        what = "follow from each other in a circle" if circle else "build on each other too deeply"
        self._environment.problems.add(
            codes.COMPUTED_CYCLE, name.span, f"Computed values {what}: {chain}."
        )
