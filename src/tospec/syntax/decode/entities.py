"""Entities, whole."""

from tospec.model import Entity, ListOptions
from tospec.source import Span
from tospec.syntax import codes
from tospec.syntax.conventions import rest_1
from tospec.syntax.decode.computed import ComputedValues
from tospec.syntax.decode.environment import Environment
from tospec.syntax.decode.files import file_rule
from tospec.syntax.decode.lifecycle import decode_lifecycle
from tospec.syntax.decode.listing import decode_indexes, decode_listing, decode_unique
from tospec.syntax.decode.policy import decode_policy
from tospec.syntax.decode.rules import decode_emissions, decode_rules
from tospec.syntax.decode.skeletons import Skeleton
from tospec.syntax.grammar.entity import CRUD
from tospec.syntax.keys import Keys, Word
from tospec.syntax.parts import Part


def decode_entity(
    skeleton: Skeleton, part: Part, computed: ComputedValues, environment: Environment
) -> Entity:
    """Return an entity that the spec declares."""
    keys = part.keys
    _check_sequences(skeleton, environment)
    return Entity(
        name=skeleton.name,
        description=keys.text("description"),
        fields=skeleton.fields,
        relations=skeleton.relations,
        computed=computed.of(skeleton),
        unique=decode_unique(skeleton, keys, environment),
        indexes=decode_indexes(skeleton, keys, environment),
        optimistic="concurrency" in keys,
        soft_delete=keys.text("delete") == "soft",
        audit=keys.flag("audit"),
        crud=_crud(keys, environment),
        under=_under(skeleton, keys, environment),
        listing=decode_listing(skeleton, keys, environment),
        policy=decode_policy(skeleton, keys, environment),
        rules=decode_rules(skeleton, keys, environment),
        lifecycle=decode_lifecycle(skeleton.name, keys, environment),
        emits=decode_emissions(skeleton, keys, environment),
        item_view=_view(skeleton, keys, "item", environment),
        list_view=_view(skeleton, keys, "list", environment),
        built_in=False,
        requirements=part.requirements,
        span=part.name.span,
        file=file_rule(keys),
    )


def built_in_entity(skeleton: Skeleton, origin: str, view: str, span: Span) -> Entity:
    """Return an entity that a convention brings."""
    return Entity(
        name=skeleton.name,
        description="",
        fields=skeleton.fields,
        relations=skeleton.relations,
        computed=(),
        unique=(),
        indexes=(),
        optimistic=skeleton.field("version") is not None,
        soft_delete=False,
        audit=False,
        crud=(),
        under=None,
        listing=ListOptions(filter=(), search=(), sort=(), default_sort="", span=span),
        policy=None,
        rules=(),
        lifecycle=None,
        emits=(),
        item_view=view,
        list_view=view,
        built_in=True,
        requirements=(),
        span=span,
        origin=origin,
    )


def _crud(keys: Keys, environment: Environment) -> tuple[tuple[str, str], ...]:
    spec = keys.record("crud")
    if spec is None:
        return ()
    if "restore" in spec and keys.text("delete") != "soft":
        message = "A row that is deleted is gone, and nobody can restore it."
        help_ = "Write `delete: soft`, or leave `restore` out."
        environment.problems.add(codes.MISPLACED_KEY, spec.key_place("restore"), message, help_)
    return tuple((verb, environment.permission(spec, verb) or "") for verb in CRUD if verb in spec)


def _under(skeleton: Skeleton, keys: Keys, environment: Environment) -> str | None:
    spec = keys.record("crud")
    word = spec.word("under") if spec else None
    if word is None:
        return None
    if not _check_to_one(word, skeleton, environment):
        return None
    relation = skeleton.relation(word.text)
    if relation and (relation.optional or relation.generated_by_principal):
        message = f"Rows without '{word.text}' would have no place in the path."
        help_ = "Name a relation that every row has and that clients choose."
        environment.problems.add(codes.WRONG_MEMBER, word.span, message, help_)
    return word.text


def _check_to_one(word: Word, skeleton: Skeleton, environment: Environment) -> bool:
    relation = skeleton.relation(word.text)
    if word.text not in skeleton.members:
        environment.unknown_member(word, skeleton.name)
        return False
    if relation is None or relation.many:
        message = f"'{word.text}' is no relation to one."
        environment.problems.add(codes.WRONG_MEMBER, word.span, message)
        return False
    return True


def _check_sequences(skeleton: Skeleton, environment: Environment) -> None:
    fields = skeleton.keys.named("fields") if skeleton.keys else ()
    for _, spec in fields:
        word = spec.word("per")
        if word and _check_to_one(word, skeleton, environment):
            relation = skeleton.relation(word.text)
            if relation and (relation.optional or relation.changeable):
                message = f"A row could change its '{word.text}', and its number would be wrong."
                help_ = f"Make the relation '{word.text}' required and immutable."
                environment.problems.add(codes.WRONG_MEMBER, word.span, message, help_)


def _view(skeleton: Skeleton, keys: Keys, which: str, environment: Environment) -> str:
    spec = keys.record("views")
    named = environment.view(spec.word(which), skeleton.name) if spec else None
    return named or rest_1.default_view(skeleton.name)
