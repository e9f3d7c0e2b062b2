"""Views: those of the spec, and those of entities that name none."""

from collections.abc import Iterable, Iterator

from tospec.model import Entity, View
from tospec.syntax import codes
from tospec.syntax.conventions import rest_1
from tospec.syntax.decode.environment import Environment
from tospec.syntax.keys import Word
from tospec.syntax.parts import Part


def announce_views(parts: Iterable[Part], environment: Environment) -> None:
    """Let entities and operations know which entity each view shows."""
    for part in parts:
        of = part.keys.word("of")
        if of and of.text in environment.skeletons:
            environment.view_of.setdefault(part.name.text, of.text)


def decode_views(parts: Iterable[Part], environment: Environment) -> tuple[View, ...]:
    """Return the views that the spec declares."""
    views = []
    for part in parts:
        of = part.keys.word("of")
        if of is None:
            continue
        environment.names.resolve(codes.UNKNOWN_ENTITY, of, environment.names.entities)
        fields = part.keys.words("fields")
        _check_fields(fields, of.text, environment)
        views.append(
            View(
                name=part.name.text,
                of=of.text,
                fields=tuple(word.text for word in fields),
                requirements=part.requirements,
                span=part.name.span,
            )
        )
    return tuple(views)


def _check_fields(fields: tuple[Word, ...], of: str, environment: Environment) -> None:
    skeleton = environment.skeletons.get(of)
    for word in fields if skeleton else ():
        if skeleton and word.text not in skeleton.members:
            environment.unknown_member(word, of)


def default_views(entities: Iterable[Entity], environment: Environment) -> Iterator[View]:
    """Yield the views of entities that name none: everything but secrets."""
    for entity in entities:
        name = rest_1.default_view(entity.name)
        if entity.built_in or name not in (entity.item_view, entity.list_view):
            continue
        if name not in environment.names.views.spans:
            environment.names.add_class(name, "view", entity.span)
            yield View(
                name=name,
                of=entity.name,
                fields=_all_members(entity),
                requirements=entity.requirements,
                span=entity.span,
                origin=rest_1.NAME,
            )
        else:
            word = Word(name, environment.names.views.spans[name])
            environment.view(word, entity.name)


def _all_members(entity: Entity) -> tuple[str, ...]:
    shown = [field for field in entity.fields if not field.secret]
    first = [field.name for field in shown if field.origin != "data-1" or field.name == "id"]
    last = [field.name for field in shown if field.name not in first]
    relations = [relation.name for relation in entity.relations]
    computed = [value.name for value in entity.computed]
    return (*first, *relations, *computed, *last)
