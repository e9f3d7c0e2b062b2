"""Policies: who may see a row, and who may do what to it."""

from tospec.expression import BOOL
from tospec.model import Expression, Policy
from tospec.syntax import codes
from tospec.syntax.decode.environment import Environment
from tospec.syntax.decode.skeletons import Skeleton
from tospec.syntax.formulas import compile_node, compile_text
from tospec.syntax.keys import Keys, Word
from tospec.syntax.scope import RowScope


def decode_policy(skeleton: Skeleton, keys: Keys, environment: Environment) -> Policy | None:
    """Return the policy of an entity, with what it inherits folded into `visible`."""
    spec = keys.record("policy")
    if spec is None:
        return None
    scope = RowScope(environment.types, skeleton.name)
    inherit = _inherited(spec.word("inherit"), skeleton, environment)
    own = environment.condition(spec, "visible", scope)
    allow = []
    for name, node in spec.entries("allow"):
        condition = compile_node(node, scope, BOOL, environment.problems)
        if condition:
            allow.append((name.text, condition))
    return Policy(
        visible=_folded(own, inherit, skeleton, spec, scope) if inherit else own,
        inherit=inherit,
        allow=tuple(allow),
        span=keys.key_place("policy"),
    )


def _inherited(word: Word | None, skeleton: Skeleton, environment: Environment) -> str | None:
    if word is None:
        return None
    relation = skeleton.relation(word.text)
    if word.text not in skeleton.members:
        environment.unknown_member(word, skeleton.name)
    elif relation is None or relation.many:
        message = f"'{word.text}' is no relation to one."
        environment.problems.add(codes.WRONG_MEMBER, word.span, message)
    elif relation.to == skeleton.name:
        message = f"A {skeleton.name} cannot inherit from a {skeleton.name}."
        environment.problems.add(codes.INHERITANCE_CYCLE, word.span, message)
    else:
        return word.text
    return None


def inherited_part(skeleton: Skeleton, inherit: str) -> str:
    """Return the condition that stands for an inherited visibility."""
    relation = skeleton.relation(inherit)
    asked = f"may('read', {inherit})"
    return f"({inherit} == null || {asked})" if relation and relation.optional else asked


def _folded(
    own: Expression | None, inherit: str, skeleton: Skeleton, spec: Keys, scope: RowScope
) -> Expression | None:
    inherited = inherited_part(skeleton, inherit)
    text = f"{inherited} && ({own.text})" if own else inherited
    return compile_text(text, spec.place("inherit"), scope, BOOL)
