"""Scenarios: situations, what happens in them, and what must follow."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from tospec.model import Field, Kind, Operation, Row, Scenario, Value
from tospec.syntax import codes
from tospec.syntax.conventions import accounts_1, lifecycle_1, rest_1
from tospec.syntax.declaring import variable
from tospec.syntax.decode.constants import ConstantError, constant
from tospec.syntax.decode.environment import Environment
from tospec.syntax.decode.skeletons import Skeleton
from tospec.syntax.keys import Keys, Word, word_of, words_of
from tospec.syntax.names import Declared
from tospec.syntax.nodes import Node, Scalar, Sequence
from tospec.syntax.notations import parameters
from tospec.syntax.parts import Part

_ROW_KEYS: Final = ("entity", "by")
_ABOUT_BAD_INPUT: Final = (400, 422)


@dataclass(slots=True)
class _Stage:
    """The people and rows of one scenario.

    Attributes:
        measures: By operation that measures: names of what it tells.
    """

    environment: Environment
    operations: Mapping[str, Operation]
    measures: Mapping[str, tuple[str, ...]]
    people: dict[str, str] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)

    def person(self, word: Word | None) -> str:
        """Return a person's name, reported when nobody is called so."""
        return self._known(word, "person", self.people)

    def row(self, word: Word | None) -> str | None:
        """Return a row's name, reported when no row is called so."""
        return self._known(word, "row", self.rows) or None

    def _known(self, word: Word | None, what: str, known: Mapping[str, str]) -> str:
        if word is None:
            return ""
        if word.text not in known:
            self.environment.problems.unknown(
                codes.UNKNOWN_ROW, word.span, what, word.text, known.keys()
            )
        return word.text


def decode_scenarios(
    parts: Iterable[Part],
    operations: Mapping[str, Operation],
    measures: Mapping[str, tuple[str, ...]],
    environment: Environment,
) -> Iterator[Scenario]:
    """Yield the scenarios of the spec.

    Args:
        parts: Their blocks.
        operations: All operations by name.
        measures: By operation that measures: names of what it tells.
        environment: What the spec declares.
    """
    titles = Declared("scenario", environment.problems)
    for part in parts:
        titles.add(part.name.text, part.name.span)
        given, when, then = (part.keys.record(key) for key in ("given", "when", "then"))
        if given and when and then:
            stage = _Stage(environment, operations, measures)
            yield _scenario(part, (given, when, then), stage)


def _scenario(part: Part, keys: tuple[Keys, Keys, Keys], stage: _Stage) -> Scenario:
    given, when, then = keys
    people = tuple(_people(given, stage))
    rows = tuple(_rows(given, stage))
    operation = _operation(when, stage)
    status = then.whole("status") or 0
    _check_input(when, operation, status, stage)
    _check_values(then, operation, stage)
    return Scenario(
        title=part.name.text,
        people=people,
        rows=rows,
        actor=stage.person(when.word("as")),
        operation=when.text("do"),
        on=_on(when, operation, stage),
        input=_values(when, "with"),
        status=status,
        error=_error(then, stage.environment),
        unchanged=stage.row(then.word("unchanged")),
        without=stage.row(then.word("without")),
        contains=stage.row(then.word("contains")),
        values=_values(then, "values"),
        requirements=part.requirements,
        span=part.name.span,
    )


def _people(given: Keys, stage: _Stage) -> Iterator[tuple[str, str]]:
    names = stage.environment.names
    for name, node in given.entries("people"):
        role = word_of(node)
        if role:
            stage.people[name.text] = names.resolve(codes.UNKNOWN_ROLE, role, names.roles)
            yield name.text, role.text


def _rows(given: Keys, stage: _Stage) -> Iterator[Row]:
    environment = stage.environment
    for name, spec in given.named("rows"):
        entity = spec.word("entity")
        if entity is None:
            continue
        environment.names.resolve(codes.UNKNOWN_ENTITY, entity, environment.names.entities)
        if name.text in stage.people:
            message = f"'{name.text}' is the name of a person already."
            help_ = "Give the row another name."
            environment.problems.add(codes.DUPLICATE_NAME, name.span, message, help_)
        by = spec.word("by")
        yield Row(
            name=name.text,
            entity=entity.text,
            by=stage.person(by) if by else None,
            values=tuple(_row_values(spec, entity, stage)),
            span=name.span,
        )
        stage.rows[name.text] = entity.text


def _row_values(
    spec: Keys, entity: Word, stage: _Stage
) -> Iterator[tuple[str, Value | tuple[str, ...]]]:
    skeleton = stage.environment.skeletons.get(entity.text)
    if skeleton is None or skeleton.part is None:
        if skeleton:
            message = f"A scenario cannot make a {entity.text}; name people instead."
            stage.environment.problems.add(codes.WRONG_ENTITY, entity.span, message)
        return
    for key, node in spec.node.entries:
        if key.text not in _ROW_KEYS:
            name = Word(key.text, key.span)
            yield name.text, _row_value(name, node, skeleton, stage)


def _row_value(
    name: Word, node: Node, skeleton: Skeleton, stage: _Stage
) -> Value | tuple[str, ...]:
    found, relation = skeleton.field(name.text), skeleton.relation(name.text)
    if found and isinstance(node, Scalar):
        return _constant(found, node, stage.environment)
    if relation and relation.many and isinstance(node, Sequence):
        return tuple(_reference(word, relation.to, stage) for word in words_of(node))
    if relation and not relation.many and isinstance(node, Scalar):
        word = word_of(node)
        return _reference(word, relation.to, stage) if word else None
    if not found and not relation:
        stage.environment.unknown_member(name, skeleton.name)
    else:
        message = f"'{name.text}' takes {'a list' if relation and relation.many else 'one value'}."
        stage.environment.problems.add(codes.WRONG_TYPE, node.span, message)
    return None


def _constant(found: Field, node: Scalar, environment: Environment) -> Value:
    try:
        return constant(found, node)
    except ConstantError as error:
        environment.problems.add(codes.BAD_DEFAULT, node.span, str(error))
        return None


def _reference(word: Word, to: str, stage: _Stage) -> str:
    """Return a person, a row or `row.relation`, reported when it is none that fits."""
    start, _, relation = word.text.partition(".")
    if start in stage.people and not relation:
        entity = "User"
    elif start in stage.rows:
        entity = _followed(word, start, relation, stage) or to
    else:
        known = [*stage.people, *stage.rows]
        stage.environment.problems.unknown(
            codes.UNKNOWN_ROW, word.span, "person or row", start, known
        )
        return word.text
    if entity != to:
        message = f"'{word.text}' is a {entity}, not a {to}."
        stage.environment.problems.add(codes.WRONG_ENTITY, word.span, message)
    return word.text


def _followed(word: Word, start: str, relation: str, stage: _Stage) -> str | None:
    entity = stage.rows[start]
    if not relation:
        return entity
    skeleton = stage.environment.skeletons.get(entity)
    found = skeleton.relation(relation) if skeleton else None
    if skeleton and found is None:
        stage.environment.unknown_member(Word(relation, word.span), entity)
    return found.to if found else None


def _operation(when: Keys, stage: _Stage) -> Operation | None:
    word = when.word("do")
    if word is None:
        return None
    known = {**stage.operations, **stage.environment.names.operations.spans}
    if word.text not in known:
        stage.environment.problems.unknown(
            codes.UNKNOWN_OPERATION, word.span, "operation", word.text, known.keys()
        )
    return stage.operations.get(word.text)


def _on(when: Keys, operation: Operation | None, stage: _Stage) -> str | None:
    word = when.word("on")
    row = stage.row(word)
    needed = parameters(operation.path)[:1] if operation else ()
    problems = stage.environment.problems
    if operation and word is None and needed:
        message = f"{operation.name} is about one row; this does not say which."
        problems.add(codes.MISSING_KEY, when.span, message, f"Add `on` with a {needed[0]}.")
    elif operation and word and not needed:
        message = f"{operation.name} is about no single row."
        problems.add(codes.MISPLACED_KEY, when.key_place("on"), message, "Leave `on` out.")
    elif operation and word:
        _check_fit(word, needed[0], operation, stage)
    return row


def _check_fit(word: Word, needed: str, operation: Operation, stage: _Stage) -> None:
    entity = stage.rows.get(word.text)
    if entity and variable(entity) != needed:
        message = f"'{word.text}' is a {entity}; {operation.name} wants a {needed}."
        stage.environment.problems.add(codes.WRONG_ENTITY, word.span, message)


def _check_input(when: Keys, operation: Operation | None, status: int, stage: _Stage) -> None:
    if operation is None or status in _ABOUT_BAD_INPUT or operation.kind is Kind.ACCOUNT:
        return
    known = _input_names(operation, stage.environment)
    for name, _ in when.entries("with"):
        if name.text not in known:
            what = f"input of {operation.name}"
            stage.environment.problems.unknown(
                codes.UNKNOWN_MEMBER, name.span, what, name.text, known
            )


def _check_values(then: Keys, operation: Operation | None, stage: _Stage) -> None:
    if operation is None or operation.kind is Kind.ACCOUNT:
        return
    members = tuple(stage.environment.skeletons[operation.entity].members)
    known = stage.measures.get(operation.name, members)
    for name, _ in then.entries("values"):
        if name.text not in known:
            what = f"value of {operation.name}"
            stage.environment.problems.unknown(
                codes.UNKNOWN_MEMBER, name.span, what, name.text, known
            )


def _input_names(operation: Operation, environment: Environment) -> tuple[str, ...]:
    skeleton = environment.skeletons[operation.entity]
    if operation.kind in (Kind.CREATE, Kind.UPDATE):
        fields = [field.name for field in skeleton.fields if field.writable]
        return (*fields, *(one.name for one in skeleton.relations if one.writable))
    if operation.kind in (Kind.LINK, Kind.UNLINK):
        return parameters(operation.path)[1:]
    return tuple(one.name for one in operation.input)


def _values(keys: Keys, key: str) -> tuple[tuple[str, Value], ...]:
    found = keys.entries(key)
    return tuple((name.text, node.value) for name, node in found if isinstance(node, Scalar))


def _error(then: Keys, environment: Environment) -> str | None:
    word = then.word("error")
    if word is None:
        return None
    built_in = (accounts_1.LAST_OWNER, lifecycle_1.INVALID_TRANSITION)
    known = (*environment.names.errors.spans, *built_in, *rest_1.PROBLEMS)
    if word.text not in known:
        environment.problems.unknown(
            codes.UNKNOWN_PROBLEM, word.span, "error case or problem", word.text, known
        )
    return word.text
