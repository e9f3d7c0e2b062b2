"""The oracle's interpreter and the Python that backends run give the same answers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings

from tests.expression.demo.names import row_names
from tests.expression.demo.rows import NOW, Actor, Inputs, make_world
from tests.expression.demo.tables import Permission, Role
from tests.expression.generation import condition
from tests.expression.support import analysed, typed
from tests.expression.test_agreement import actors, inputs_of_commands
from tests.verify.oracle.demo import around_of, known_rows
from tospec.expression import BOOL, DURATION, INT, STRING, Type, TypedExpression
from tospec.lowering.expressions import to_python
from tospec.python import ImportSet
from tospec.verify.oracle.interpreter import value_of
from tospec.verify.oracle.world import Undetermined

WORLD = make_world()
KNOWN = known_rows(WORLD)
ACTOR = Actor(WORLD.users[0].id, next(iter(Role)), "a", frozenset())
INPUTS = Inputs("a", None, 0, WORLD.tasks[0].price, None, None, True, None, None, [])


def _compiled(expression: TypedExpression) -> Callable[..., Any]:
    code = to_python(expression, row_names())
    source = (
        f"{ImportSet(code.imports).render()}\nrule = lambda task, actor, inputs, now: {code.text}"
    )
    namespace: dict[str, Any] = {}
    exec(source, namespace)  # noqa: S102 - the very thing that is tested
    return namespace["rule"]  # type: ignore[no-any-return]


@pytest.mark.slow
@settings(
    max_examples=100,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
)
@given(
    text=condition().filter(
        lambda text: "may(" not in text and not isinstance(analysed(text), list)
    ),
    actor=actors,
    inputs=inputs_of_commands,
)
def test_it_agrees_with_the_python_that_is_generated(
    text: str, actor: Actor, inputs: Inputs
) -> None:
    assume("principal.name" not in text)
    expression = typed(text)
    rule = _compiled(expression)
    found = set()
    for task in WORLD.tasks[:12]:
        try:
            answer = value_of(expression.root, around_of(task, KNOWN, actor, inputs))
        except Undetermined:
            event("undetermined")
            continue
        assert answer is rule(task, actor, inputs, NOW)
        found.add(answer)
    event(f"{len(found)} different answers")


def _value(text: str, type_: Type = BOOL, actor: Actor = ACTOR) -> object:
    task = next(each for each in WORLD.tasks if each.note is None and each.title.isascii())
    expression = typed(text, expected=type_)
    return value_of(expression.root, around_of(task, KNOWN, actor, INPUTS))


@pytest.mark.parametrize(
    ("text", "type_", "expected"),
    [
        ("note == null", BOOL, True),
        ("note != null", BOOL, False),
        ("note == 'a'", BOOL, False),
        ("note != 'a'", BOOL, True),
        ("note in ['a']", BOOL, False),
        ("note != null && note.size() > 0", BOOL, False),
        ("note == null || note.size() > 0", BOOL, True),
        ("-7 / 2", INT, -3),
        ("-7 % 2", INT, -1),
        ("7 / -2", INT, -3),
        ("7 % -2", INT, 1),
        ("now() - now()", DURATION, timedelta()),
        ("lower('ABC') + string(12)", STRING, "abc12"),
        ("slug('Ä b  C!')", STRING, "a-b-c"),
        ("count(subtasks) == count(subtasks, done) + count(subtasks, !done)", BOOL, True),
        ("exists(labels) == (count(labels) > 0)", BOOL, True),
    ],
)
def test_null_numbers_and_texts(text: str, type_: Type, expected: object) -> None:
    assert _value(text, type_) == expected


def test_what_is_unknown_counts_only_where_the_answer_depends_on_it() -> None:
    assert _value("note == null || principal.name == 'a'") is True
    assert _value("principal.name == 'a' || note == null") is True
    assert _value("note != null && principal.name == 'a'") is False
    with pytest.raises(Undetermined):
        _value("note == null && principal.name == 'a'")


def test_lower_is_sure_of_a_to_z_and_of_letters_without_case() -> None:
    assert _value("lower('A中') == 'a中'") is True
    with pytest.raises(Undetermined):
        _value("lower('É') == 'é'")


def test_permissions_are_those_of_the_role() -> None:
    holder = Actor(ACTOR.user_id, ACTOR.role, "a", frozenset({Permission("task:update")}))
    assert _value("principal.has('task:update')", actor=holder) is True
    assert _value("principal.has('task:update')") is False
