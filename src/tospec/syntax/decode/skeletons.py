"""Entities as far as they are known before any expression is read: their members and states."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tospec.model import Field, FieldType, Relation
from tospec.source import Span
from tospec.syntax import codes
from tospec.syntax.conventions.data_1 import added_fields
from tospec.syntax.conventions.rest_1 import singular
from tospec.syntax.declaring import Catalogue, enum_class
from tospec.syntax.decode.fields import decode_fields
from tospec.syntax.decode.files import check_file, file_fields
from tospec.syntax.decode.relations import decode_relations
from tospec.syntax.keys import Keys, Word
from tospec.syntax.names import SYSTEM_FIELDS, Declared, check_member_name
from tospec.syntax.nodes import Scalar
from tospec.syntax.parts import Part

MOST_MEMBERS: Final = 500


@dataclass(frozen=True, slots=True)
class Skeleton:
    """An entity without its expressions.

    Attributes:
        part: The block that declares it; None for one that a convention brings.
        computed: Names and texts of its computed values.
    """

    name: str
    part: Part | None
    fields: tuple[Field, ...]
    relations: tuple[Relation, ...]
    computed: tuple[tuple[Word, Scalar], ...] = ()

    @property
    def keys(self) -> Keys | None:
        """The values of its block."""
        return self.part.keys if self.part else None

    def field(self, name: str) -> Field | None:
        """Return the field called `name`."""
        return next((field for field in self.fields if field.name == name), None)

    def relation(self, name: str) -> Relation | None:
        """Return the relation called `name`."""
        return next((relation for relation in self.relations if relation.name == name), None)

    @property
    def members(self) -> tuple[str, ...]:
        """Names of its fields, relations and computed values."""
        computed = (name.text for name, _ in self.computed)
        return (*(f.name for f in self.fields), *(r.name for r in self.relations), *computed)


def skeletons_of(
    parts: Iterable[Part], built_in: Iterable[Skeleton], names: Catalogue
) -> dict[str, Skeleton]:
    """Return all entities by name and report members that clash."""
    found = {skeleton.name: skeleton for skeleton in built_in}
    for part in parts:
        if part.keys.word("entity") and part.name.text not in found:
            found[part.name.text] = _skeleton(part, names)
    _check_members(found, names)
    return found


def _skeleton(part: Part, names: Catalogue) -> Skeleton:
    keys = part.keys
    _check_size(part, names)
    own = decode_fields(keys, "fields", "field", names.problems)
    _declare_classes(part.name, own, names)
    state = state_field(keys)
    if state:
        check_member_name(state.name, "field", state.span, names.problems)
        names.add_class(enum_class(part.name.text, state.name), "enum", state.span)
    added = file_fields(keys)
    relations = decode_relations(part.name.text, keys, names)
    check_file(keys, own, relations, names.problems)
    first, last = added_fields(part.span, optimistic="concurrency" in keys)
    return Skeleton(
        name=part.name.text,
        part=part,
        fields=(*first, *added, *own, *((state,) if state else ()), *last),
        relations=relations,
        computed=_computed(keys, names),
    )


def _declare_classes(entity: Word, fields: tuple[Field, ...], names: Catalogue) -> None:
    for field in fields:
        if field.type is FieldType.ENUM:
            names.add_class(enum_class(entity.text, field.name), "enum", field.span)


def _check_size(part: Part, names: Catalogue) -> None:
    members = len(part.keys.entries("fields")) + len(part.keys.entries("relations"))
    if members > MOST_MEMBERS:
        message = f"A {part.name.text} has {members} members; at most {MOST_MEMBERS} fit a table."
        names.problems.add(codes.OUT_OF_BOUNDS, part.name.span, message, "Split the entity.")


def _computed(keys: Keys, names: Catalogue) -> tuple[tuple[Word, Scalar], ...]:
    found = []
    for name, node in keys.entries("computed"):
        check_member_name(name.text, "computed value", name.span, names.problems)
        if isinstance(node, Scalar):
            found.append((name, node))
    return tuple(found)


def state_field(keys: Keys) -> Field | None:
    """Return the field that a lifecycle adds to its entity."""
    lifecycle = keys.record("lifecycle")
    name = lifecycle.word("field") if lifecycle else None
    if lifecycle is None or name is None:
        return None
    return Field(
        name=name.text,
        type=FieldType.ENUM,
        span=name.span,
        values=states_of(lifecycle),
        default=lifecycle.text("initial"),
        has_default=True,
        managed=True,
        description="State of the lifecycle.",
        origin="lifecycle",
    )


def states_of(lifecycle: Keys) -> tuple[str, ...]:
    """Return the states of a lifecycle: the initial one, then as the transitions mention them."""
    return tuple(dict.fromkeys(word.text for word in state_words(lifecycle)))


def state_words(lifecycle: Keys) -> list[Word]:
    """Return every mention of a state, in the order of `states_of`."""
    initial = lifecycle.word("initial")
    words = [initial] if initial else []
    for _, transition in lifecycle.named("transitions"):
        target = transition.word("to")
        words += [*transition.words("from"), *([target] if target else [])]
    return [*words, *lifecycle.words("terminal")]


def _check_members(found: dict[str, Skeleton], names: Catalogue) -> None:
    taken = {name: Declared(f"member of {name}", names.problems) for name in found}
    for skeleton in found.values():
        declared = taken[skeleton.name]
        for name, span in _own_members(skeleton):
            declared.add(name, span)
        _check_columns(skeleton, names)
    for skeleton in found.values():
        for relation in skeleton.relations:
            if relation.inverse and relation.to in taken:
                taken[relation.to].add(relation.inverse, _inverse_place(skeleton, relation))


def _own_members(skeleton: Skeleton) -> Iterable[tuple[str, Span]]:
    for field in skeleton.fields:
        if field.name not in SYSTEM_FIELDS:
            yield field.name, field.span
    for relation in skeleton.relations:
        yield relation.name, relation.span
    for name, _ in skeleton.computed:
        yield name.text, name.span


def _inverse_place(skeleton: Skeleton, relation: Relation) -> Span:
    keys = skeleton.keys.record("relations") if skeleton.keys else None
    spec = keys.record(relation.name) if keys else None
    return spec.place("inverse") if spec else relation.span


def _check_columns(skeleton: Skeleton, names: Catalogue) -> None:
    members = dict(_own_members(skeleton))
    for relation in skeleton.relations:
        column = f"{singular(relation.name)}_ids" if relation.many else f"{relation.name}_id"
        if column in members:
            message = f"The relation '{relation.name}' is '{column}' on the wire; so is a member."
            related = ((members[column], f"'{column}' is declared here."),)
            help_ = f"Leave '{column}' out; the relation is enough."
            names.problems.add(codes.DUPLICATE_NAME, relation.span, message, help_, related)
