"""Python and both databases give the same answer for every row."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from tests.expression.demo.columns import Clock
from tests.expression.demo.databases import Database, opened
from tests.expression.demo.names import row_names, table_names
from tests.expression.demo.rows import (
    INSTANTS,
    NOW,
    TEXTS,
    Actor,
    Inputs,
    World,
    make_world,
)
from tests.expression.demo.tables import Permission, Role, Status
from tests.expression.generation import condition, measure
from tests.expression.support import analysed, typed
from tospec.expression import (
    DATE,
    DURATION,
    INT,
    TIMESTAMP,
    Type,
    TypedExpression,
    sql_obstacles,
    uses_now,
)
from tospec.lowering.expressions import to_python, to_sqlalchemy
from tospec.python import Code, ImportSet

WORLD = make_world()


@pytest.fixture(scope="module")
def databases(postgres_url: str) -> Iterator[list[Database]]:
    with opened(postgres_url, WORLD) as both:
        yield both


def _function(
    code: Code, parameters: str, extra: dict[str, Code] | None = None
) -> Callable[..., Any]:
    aliases = extra or {}
    imports = code.imports.union(*(each.imports for each in aliases.values()))
    before = "".join(f"{name} = {each.text}\n" for name, each in aliases.items())
    source = f"{ImportSet(imports).render()}\n{before}rule = lambda {parameters}: {code.text}\n"
    namespace: dict[str, Any] = {}
    exec(source, namespace)  # noqa: S102 - the very thing that is tested
    return namespace["rule"]  # type: ignore[no-any-return]


def _in_python(expression: TypedExpression) -> Callable[..., bool]:
    return _function(to_python(expression, row_names()), "task, actor, inputs, now", {})


def _in_sql(
    expression: TypedExpression, *, exact: bool, is_clock_stored: bool = False
) -> Callable[..., Any]:
    names = table_names(is_clock_stored=is_clock_stored)
    code = to_sqlalchemy(expression, names, exact=exact)
    return _function(code, "actor, inputs, now", names.aliases)


_TYPES = {
    "int": INT.optional(),
    "duration": DURATION.optional(),
    "timestamp": TIMESTAMP.optional(),
    "date": DATE.optional(),
}


def _measures_agree(
    text: str, expected: Type, databases: list[Database], actor: Actor, inputs: Inputs
) -> None:
    expression = typed(text, expected=expected)
    measure = _in_python(expression)
    measured = {task.id: measure(task, actor, inputs, NOW) for task in WORLD.tasks}
    if sql_obstacles(expression):
        return
    for database in databases:
        assert database.values(_in_sql(expression, exact=True)(actor, inputs, NOW)) == measured


def _agree(text: str, databases: list[Database], actor: Actor, inputs: Inputs) -> str:
    """Hold the databases against Python, and return what there was to compare."""
    expression = typed(text)
    rule = _in_python(expression)
    expected = {task.id: rule(task, actor, inputs, NOW) for task in WORLD.tasks}
    assert set(map(type, expected.values())) <= {bool}
    if sql_obstacles(expression):
        return "Python only"
    matching = {id_ for id_, holds in expected.items() if holds}
    clocks: list[Any] = [NOW, *([Clock(NOW)] if uses_now(expression) else [])]
    for database, now in itertools.product(databases, clocks):
        is_stored = isinstance(now, Clock)
        found = _in_sql(expression, exact=False, is_clock_stored=is_stored)
        assert database.matching(found(actor, inputs, now)) == matching
        value = _in_sql(expression, exact=True, is_clock_stored=is_stored)
        assert database.values(value(actor, inputs, now)) == expected
    return "some rows" if 0 < len(matching) < len(expected) else "all or no rows"


def _users(world: World) -> st.SearchStrategy[Any]:
    return st.sampled_from([user.id for user in world.users])


actors = st.builds(
    Actor,
    user_id=_users(WORLD),
    role=st.sampled_from(Role),
    name=st.sampled_from(TEXTS),
    permissions=st.frozensets(st.sampled_from(Permission)),
)
inputs_of_commands = st.builds(
    Inputs,
    text=st.sampled_from(TEXTS),
    maybe=st.none() | st.integers(-1000, 1000),
    any=st.sampled_from([-(2**63), -1, 0, 1, 2**31, 2**63 - 1]),
    amount=st.sampled_from([Decimal("0.10"), Decimal("3.00"), Decimal("-1.50")]),
    since=st.none() | st.sampled_from(INSTANTS),
    length=st.none() | st.sampled_from([timedelta(days=1), timedelta(microseconds=1)]),
    on=st.booleans(),
    status=st.none() | st.sampled_from(Status),
    user_id=st.none() | _users(WORLD),
    users=st.lists(_users(WORLD), max_size=2),
)


@pytest.mark.slow
@settings(
    max_examples=200,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
)
@given(
    text=condition().filter(lambda text: not isinstance(analysed(text), list)),
    actor=actors,
    inputs=inputs_of_commands,
)
def test_python_and_databases_agree(
    databases: list[Database], text: str, actor: Actor, inputs: Inputs
) -> None:
    event(_agree(text, databases, actor, inputs))


@pytest.mark.parametrize(
    "text",
    [
        "(project.budget == 0.0 ? title : string(points)) == (done ? title : string(points))",
        "title == (project.budget == 0.0 ? title : string(points))",
        "(project.budget == 0.0 ? due_at : created_at) == (done ? due_at : created_at)",
        "(project.budget == 0.0 ? author : assignee) == assignee",
        "(project.budget == 0.0 ? title : string(points)) in ['a', '3']",
        "lower(project.budget == 0.0 ? title : string(points)) == 'a'",
        "(project.budget == 0.0 ? day : end_day) == (done ? day : day)",
        "(done ? project.budget : 0.0) == (flag == true ? project.budget : 1.0)",
        "(done ? points : input.maybe) == 3",
        "(done ? input.maybe : points) == points",
        "(done ? assignee : input.user) == author",
        "(done ? due_at : input.since) == created_at",
        "(done ? status : input.status) == 'todo'",
        "(done ? due_at : input.since) != null",
        "(done ? input.maybe : input.maybe) == points",
        "(done ? null : input.user) == author",
    ],
)
def test_a_choice_compares_as_what_is_chosen(databases: list[Database], text: str) -> None:
    nobody = Inputs(
        text="a",
        maybe=None,
        any=0,
        amount=Decimal("0.10"),
        since=None,
        length=None,
        on=False,
        status=None,
        user_id=None,
        users=[],
    )
    somebody = replace(
        nobody, maybe=3, since=INSTANTS[0], status=Status.TODO, user_id=WORLD.users[0].id
    )
    actor = Actor(
        user_id=WORLD.users[0].id, role=next(iter(Role)), name="a", permissions=frozenset()
    )

    for inputs in (nobody, somebody):
        _agree(text, databases, actor, inputs)


_OF_TASKS = (
    ("median(project.tasks, points)", "int"),
    ("median(project.tasks, points, !done)", "int"),
    ("median(project.tasks, estimate)", "int"),
    ("median(subtasks, points)", "int"),
    ("median(project.tasks, now() - created_at)", "duration"),
    ("median(project.tasks, due_at - created_at, due_at != null)", "duration"),
    ("median(project.tasks, due_at != null ? created_at - due_at : null)", "duration"),
    ("median(labels, count(tasks))", "int"),
    ("sum(project.tasks, estimate)", "int"),
    ("min(project.tasks, due_at)", "timestamp"),
    ("max(project.tasks, created_at, title != task.title)", "timestamp"),
    ("max(author.reports, count(reports))", "int"),
)


@pytest.mark.parametrize(("text", "kind"), _OF_TASKS)
def test_measures_agree_where_rows_are_few_none_or_many(
    databases: list[Database], text: str, kind: str
) -> None:
    actor = Actor(WORLD.users[0].id, Role.OWNER, "", frozenset())
    inputs = Inputs("", None, 0, Decimal(0), None, None, False, None, None, [])
    _measures_agree(text, _TYPES[kind], databases, actor, inputs)


@pytest.mark.slow
@settings(
    max_examples=150,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
)
@given(
    chosen=measure().filter(
        lambda chosen: not isinstance(analysed(chosen[0], expected=_TYPES[chosen[1]]), list)
    ),
    actor=actors,
    inputs=inputs_of_commands,
)
def test_measures_of_python_and_databases_agree(
    databases: list[Database], chosen: tuple[str, str], actor: Actor, inputs: Inputs
) -> None:
    text, kind = chosen
    _measures_agree(text, _TYPES[kind], databases, actor, inputs)


_NOON = "timestamp('2026-03-01T12:00:00Z')"


@pytest.mark.parametrize(
    "text",
    [
        f"now() > {_NOON} ? done : flag == true",
        f"now() > {_NOON} && done || {_NOON} >= now()",
        f"(now() > {_NOON}) == done",
        f"now() > {_NOON}",
        f"due_at != null && due_at < (now() > {_NOON} ? now() : {_NOON})",
        f"status == (now() < {_NOON} ? 'done' : 'todo')",
        f"now() in [{_NOON}, created_at]",
        "created_at in [now(), now() - duration('1d')]",
        f"now() - {_NOON} > duration('400ms')",
        f"now() - {_NOON} + duration('1d') - duration('1h') > now() - created_at",
        f"created_at - {_NOON} < now() - {_NOON}",
        f"spent < now() - {_NOON}",
        "due_at != null && duration('1d') + now() - duration('1h') > due_at",
        "input.since == null || now() - input.since > duration('1d') && done",
        "input.length != null && created_at > now() - input.length - duration('1ms')",
        "now() - now() == duration('0ms')",
        f"-(now() - {_NOON}) < duration('1s')",
        "exists(subtasks, created_at < now() - duration('1d'))",
    ],
)
def test_the_time_may_be_a_parameter(databases: list[Database], text: str) -> None:
    user = WORLD.users[0].id
    known: dict[str, Any] = {"text": "", "any": 1, "amount": Decimal(1), "on": True, "status": None}
    actor = Actor(user_id=user, role=Role.OWNER, name="a", permissions=frozenset())
    for since, length in ((None, None), (INSTANTS[0], timedelta(days=1))):
        inputs = Inputs(maybe=None, since=since, length=length, user_id=user, users=[], **known)
        assert _agree(text, databases, actor, inputs) != "Python only"
