"""Lifecycles and their transitions."""

from typing import Final

from tospec.diagnostics import nearest
from tospec.model import Lifecycle, Transition
from tospec.syntax import codes
from tospec.syntax.decode.environment import Environment
from tospec.syntax.decode.fields import decode_fields
from tospec.syntax.decode.skeletons import state_words, states_of
from tospec.syntax.keys import Keys, Word
from tospec.syntax.names import Declared, check_word
from tospec.syntax.problems import Problems
from tospec.syntax.scope import RowScope, field_type

_TAKEN: Final = ("create", "get", "link", "read", "list", "update", "delete")


def decode_lifecycle(entity: str, keys: Keys, environment: Environment) -> Lifecycle | None:
    """Return the lifecycle of an entity."""
    spec = keys.record("lifecycle")
    if spec is None:
        return None
    _check_states(spec, environment.problems)
    declared = Declared("transition", environment.problems)
    transitions = []
    for name, transition in spec.named("transitions"):
        check_word(name.text, "transition", name.span, environment.problems)
        if name.text in _TAKEN:
            message = f"'{name.text}' is an operation on every row, not a move."
            help_ = "Give the transition another name."
            environment.problems.add(codes.RESERVED_NAME, name.span, message, help_)
        declared.add(name.text, name.span)
        transitions.append(_transition(entity, name, transition, spec, environment))
    return Lifecycle(
        field=spec.text("field"),
        initial=spec.text("initial"),
        terminal=tuple(word.text for word in spec.words("terminal")),
        states=states_of(spec),
        transitions=tuple(transitions),
        span=keys.key_place("lifecycle"),
    )


def _transition(
    entity: str, name: Word, keys: Keys, lifecycle: Keys, environment: Environment
) -> Transition:
    record = f"{entity}.{name.text}"
    inputs = decode_fields(keys, "input", "input", environment.problems)
    environment.types.records[record] = {
        f.name: field_type(f, f"{record}.{f.name}") for f in inputs
    }
    scope = RowScope(environment.types, entity, record if inputs else "")
    permission = environment.permission(keys) or environment.permission(lifecycle)
    action = environment.action(keys.word("policy") or lifecycle.word("policy"), entity)
    return Transition(
        name=name.text,
        sources=tuple(word.text for word in keys.words("from")),
        target=keys.text("to"),
        permission=permission or "",
        policy=action,
        require=environment.requirements(keys, scope),
        input=inputs,
        set=environment.assignments(keys, scope),
        emits=_emits(entity, keys, lifecycle, environment),
        span=name.span,
    )


def _emits(entity: str, keys: Keys, lifecycle: Keys, environment: Environment) -> tuple[str, ...]:
    words = [*lifecycle.word_or_words("emits"), *keys.word_or_words("emits")]
    return tuple(dict.fromkeys(environment.event(word, entity) for word in words))


def _check_states(lifecycle: Keys, problems: Problems) -> None:
    """Report states that look like misspelt ones: nothing leads to them, but to a similar one."""
    initial = lifecycle.word("initial")
    entered = {initial.text} if initial else set()
    left: list[Word] = list(lifecycle.words("terminal"))
    for _, transition in lifecycle.named("transitions"):
        entered.add(transition.text("to"))
        left += transition.words("from")
    for word in left:
        if word.text not in entered and nearest(word.text, entered):
            problems.unknown(codes.UNKNOWN_STATE, word.span, "state", word.text, entered)
    declared = Declared("state", problems)
    for word in state_words(lifecycle):
        if word.text not in declared.spans:
            declared.add(word.text, word.span)
