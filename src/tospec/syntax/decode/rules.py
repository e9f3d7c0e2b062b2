"""Rules on changes, and events that changes announce."""

from collections.abc import Iterable

from tospec.expression import many
from tospec.model import Emission, Expression, Moment, Rule, Write
from tospec.syntax import codes
from tospec.syntax.decode.environment import Environment
from tospec.syntax.decode.relations import USER
from tospec.syntax.decode.skeletons import Skeleton
from tospec.syntax.formulas import compile_node
from tospec.syntax.keys import Keys, Word
from tospec.syntax.scope import RowScope


def decode_rules(skeleton: Skeleton, keys: Keys, environment: Environment) -> tuple[Rule, ...]:
    """Return what must hold when rows change."""
    scope = RowScope(environment.types, skeleton.name)
    rules = []
    for spec in keys.records("rules"):
        requirement = environment.requirement(spec, scope)
        moments = _moments(spec.words("on"), skeleton, environment)
        if requirement:
            rules.append(Rule(on=moments, requirement=requirement, span=spec.span))
    return tuple(rules)


def _moments(
    words: Iterable[Word], skeleton: Skeleton, environment: Environment
) -> tuple[Moment, ...]:
    found = []
    for word in words:
        missing = _missing(word.text, skeleton)
        if missing:
            message = f"'{word.text}' never happens to a {skeleton.name}: it has no {missing}."
            environment.problems.add(codes.MISPLACED_KEY, word.span, message, "Leave it out.")
        if word.text in Moment:
            found.append(Moment(word.text))
    return tuple(found)


def _missing(moment: str, skeleton: Skeleton) -> str:
    keys = skeleton.keys
    if moment == Moment.TRANSITION and not (keys and "lifecycle" in keys):
        return "lifecycle"
    crud = keys.record("crud") if keys else None
    if moment == Moment.RESTORE and not (crud and "restore" in crud):
        return "`restore` in `crud`"
    links = any(relation.write is Write.LINKS for relation in skeleton.relations)
    return "relation with `write: links`" if moment == Moment.LINK and not links else ""


def decode_emissions(
    skeleton: Skeleton, keys: Keys, environment: Environment
) -> tuple[Emission, ...]:
    """Return the events that changes of rows announce."""
    emissions = []
    for spec in keys.records("emits"):
        event = spec.word("event")
        if event is None:
            continue
        environment.event(event, skeleton.name)
        for_each = _items(spec, skeleton, environment)
        _check_item(event, spec, environment)
        emissions.append(
            Emission(
                event=event.text,
                on=_moments(spec.words("on"), skeleton, environment),
                changed=_changed(spec.word("changed"), skeleton, environment),
                for_each=for_each,
                span=spec.span,
            )
        )
    return tuple(emissions)


def _items(spec: Keys, skeleton: Skeleton, environment: Environment) -> Expression | None:
    scope = RowScope(environment.types, skeleton.name)
    return compile_node(spec.node.get("for_each"), scope, many(USER), environment.problems)


def _check_item(event: Word, spec: Keys, environment: Environment) -> None:
    if event.text not in environment.event_of:
        return
    item = environment.event_of[event.text][1]
    if "for_each" in spec and not item:
        message = f"'{event.text}' does not say under which name it carries the item."
        help_ = f"Add `each: user` to the event {event.text}."
        environment.problems.add(codes.MISPLACED_KEY, spec.key_place("for_each"), message, help_)
    elif item and "for_each" not in spec:
        message = f"'{event.text}' carries a '{item}', which nothing gives."
        environment.problems.add(codes.MISPLACED_KEY, event.span, message, "Add `for_each`.")


def _changed(word: Word | None, skeleton: Skeleton, environment: Environment) -> str | None:
    if word is None:
        return None
    relation = skeleton.relation(word.text)
    if word.text not in skeleton.members:
        environment.unknown_member(word, skeleton.name)
    elif not skeleton.field(word.text) and not (relation and not relation.many):
        message = f"'{word.text}' is neither a field nor a relation to one."
        environment.problems.add(codes.WRONG_MEMBER, word.span, message)
    return word.text
