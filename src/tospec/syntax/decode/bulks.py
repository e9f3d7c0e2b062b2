"""Several changes in one request."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from tospec.model import Bulk, Entity
from tospec.syntax import codes
from tospec.syntax.decode.environment import Environment
from tospec.syntax.keys import Keys, Word
from tospec.syntax.notations import parameters
from tospec.syntax.parts import Part

_TAKEN: Final = ("id", "do", "version")
"""Members of every item, whatever it asks for."""


def decode_bulks(
    parts: Iterable[Part], entities: Mapping[str, Entity], environment: Environment
) -> Iterator[Bulk]:
    """Yield the bulks of the spec."""
    for part in parts:
        of = part.keys.word("of")
        method, _, path = part.keys.text("http").partition(" ")
        if of is None or not path:
            continue
        environment.names.resolve(codes.UNKNOWN_ENTITY, of, environment.names.entities)
        _check_path(part.keys, method, path, environment)
        if of.text in entities:
            yield _bulk(part, (method, path), entities[of.text], environment)


def _bulk(part: Part, http: tuple[str, str], entity: Entity, environment: Environment) -> Bulk:
    keys = part.keys
    transitions = tuple(_transitions(keys, entity, environment))
    update = tuple(_updates(keys, entity, environment))
    if "transitions" not in keys and "update" not in keys:
        message = "A bulk that changes nothing."
        help_ = "Say what its items may ask for: `transitions`, `update` or both."
        environment.problems.add(codes.MISSING_KEY, part.name.span, message, help_)
    return Bulk(
        name=part.name.text,
        entity=entity.name,
        method=http[0],
        path=http[1],
        permission=environment.permission(keys),
        transitions=transitions,
        update=update,
        most=keys.whole("max"),
        requirements=part.requirements,
        span=part.name.span,
        description=keys.text("description"),
    )


def _check_path(keys: Keys, method: str, path: str, environment: Environment) -> None:
    place = keys.place("http")
    if method != "POST":
        message = "A bulk is asked for with POST."
        environment.problems.add(codes.BAD_PATH, place, message, f"POST {path}")
    if parameters(path):
        message = "The path of a bulk has no parameters; its items name the rows."
        environment.problems.add(codes.BAD_PATH, place, message, "Leave the braces out.")


def _transitions(keys: Keys, entity: Entity, environment: Environment) -> Iterator[str]:
    found = entity.lifecycle.transitions if entity.lifecycle else ()
    known = {each.name: each for each in found}
    for word in keys.words("transitions"):
        if word.text not in known:
            what = f"transition of {entity.name}"
            environment.problems.unknown(
                codes.UNKNOWN_TRANSITION, word.span, what, word.text, known
            )
            continue
        for field in known[word.text].input:
            _check_name(word, field.name, environment)
        yield word.text


def _updates(keys: Keys, entity: Entity, environment: Environment) -> Iterator[str]:
    offered = any(verb == "update" for verb, _ in entity.crud)
    if "update" in keys and not offered:
        message = f"{entity.name} has no update that items could ask for."
        help_ = "Add `update` to its `crud`, or leave this out."
        environment.problems.add(codes.MISPLACED_KEY, keys.key_place("update"), message, help_)
    for word in keys.words("update"):
        if _is_changeable(word, entity, environment):
            _check_name(word, word.text, environment)
            yield word.text


def _is_changeable(word: Word, entity: Entity, environment: Environment) -> bool:
    field, relation = entity.field(word.text), entity.relation(word.text)
    if word.text not in environment.skeletons[entity.name].members:
        environment.unknown_member(word, entity.name)
        return False
    by_field = field is not None and field.changeable and field.name != entity.state_field
    if by_field or (relation is not None and relation.changeable):
        return True
    message = f"'{word.text}' never changes by hand."
    environment.problems.add(codes.WRONG_MEMBER, word.span, message, "Leave it out.")
    return False


def _check_name(word: Word, name: str, environment: Environment) -> None:
    if name in _TAKEN:
        message = f"Every item has a member '{name}' that means something else."
        environment.problems.add(codes.RESERVED_NAME, word.span, message, "Leave it out.")
