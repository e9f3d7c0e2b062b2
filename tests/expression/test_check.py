"""Types, and what is said about wrong ones."""

import pytest

from tests.expression.demo.scope import DemoScope
from tests.expression.support import SPAN, analysed, errors, typed
from tospec.expression import (
    BOOL,
    INT,
    STRING,
    Compare,
    Kind,
    Path,
    Type,
    entity,
    is_constant,
    many,
    sql_obstacles,
)

_WRONG = [
    ("titel == 'a'", "TS0310", "titel"),
    ("task.titel == 'a'", "TS0311", "titel"),
    ("project.nam == 'a'", "TS0311", "nam"),
    ("title.foo == 'a'", "TS0311", "foo"),
    ("exits(subtasks)", "TS0312", "exits"),
    ("title.startswith('a')", "TS0312", "startswith"),
    ("size(title) == 1", "TS0312", "size"),
    ("now(1) > created_at", "TS0313", "now(1)"),
    ("created_at < now() + duration(1)", "TS0313", "1"),
    ("lower(points) == 'a'", "TS0313", "points"),
    ("principal.has(title)", "TS0313", "title"),
    ("status == 'finished'", "TS0314", "'finished'"),
    ("status in ['todo', 'don']", "TS0314", "'don'"),
    ("'dnoe' == status", "TS0314", "'dnoe'"),
    ("(done ? 'tdo' : status) == 'done'", "TS0314", "'tdo'"),
    ("principal.role == 'boss'", "TS0314", "'boss'"),
    ("principal.has('task:udpate')", "TS0315", "'task:udpate'"),
    ("may('delete', task)", "TS0316", "'delete'"),
    ("title < 5", "TS0320", "title < 5"),
    ("created_at < day", "TS0320", "created_at < day"),
    ("created_at < '2026-01-01'", "TS0320", "created_at < '2026-01-01'"),
    ("author == project", "TS0320", "author == project"),
    ("id == author", "TS0320", "id == author"),
    ("project == principal", "TS0320", "project == principal"),
    ("points in ['a']", "TS0320", "points in ['a']"),
    ("points in title", "TS0320", "title"),
    ("status == title", "TS0320", "status == title"),
    ("(done ? 1 : 'a') == 1", "TS0320", "done ? 1 : 'a'"),
    ("title < 'b'", "TS0321", "title"),
    ("status < 'done'", "TS0321", "status"),
    ("title && done", "TS0321", "title"),
    ("day + duration('1d') == day", "TS0321", "day + duration('1d')"),
    ("price / 2 > 1", "TS0321", "price / 2"),
    ("title + 1 == 'a'", "TS0321", "title + 1"),
    ("-title == 'a'", "TS0321", "title"),
    ("points", "TS0322", "points"),
    ("null", "TS0322", "null"),
    ("due_at < now()", "TS0323", "due_at"),
    ("estimate + 1 > 2", "TS0323", "estimate"),
    ("assignee.name == 'a'", "TS0323", "assignee"),
    ("note.startsWith('a')", "TS0323", "note"),
    ("flag", "TS0323", "flag"),
    ("!flag", "TS0323", "flag"),
    ("parent.parent.done", "TS0323", "parent"),
    ("parent != null && parent.parent.done", "TS0323", "parent.parent"),
    ("due_at != null || due_at < now()", "TS0323", "due_at"),
    ("due_at == null && due_at < now()", "TS0323", "due_at"),
    ("due_at < null", "TS0323", "null"),
    ("may('read', parent)", "TS0323", "parent"),
    ("points in [estimate]", "TS0323", "estimate"),
    ("points / 0 == 1", "TS0324", "0"),
    ("points % points == 1", "TS0324", "points"),
    ("points != 0 && 1 / points == 1", "TS0324", "points"),
    ("9223372036854775807 + 1 > points", "TS0325", "9223372036854775807 + 1"),
    ("huge != null && huge + 1 > 2", "TS0325", "huge + 1"),
    ("-(-9223372036854775808) > points", "TS0325", "-(-9223372036854775808)"),
    ("subtasks == null", "TS0326", "subtasks"),
    ("subtasks.done", "TS0326", "done"),
    ("count(parent) == 1", "TS0326", "parent"),
    ("exists(subtasks, due_at < now())", "TS0323", "due_at"),
    ("price == 1.555", "TS0304", "1.555"),
    ("price in [1.5, 1.555]", "TS0304", "1.555"),
    ("created_at < timestamp('2026-01-01T00:00:00')", "TS0304", "'2026-01-01T00:00:00'"),
    ("day == date('2026-02-30')", "TS0304", "'2026-02-30'"),
    ("spent < duration('15 minutes')", "TS0304", "'15 minutes'"),
    ("exists(project.tasks, reports == null)", "TS0310", "reports"),
    ("__import__('os')", "TS0312", "__import__"),
    ("title.__class__ == null", "TS0311", "__class__"),
    ("task.__class__ == null", "TS0311", "__class__"),
]

_RIGHT = [
    "title == 'a'",
    "task.title == 'a'",
    "exists(subtasks)",
    "title.startsWith('a') && title.size() > 1",
    "created_at < now() + duration('1d2h30m15s')",
    "status == 'done' || 'todo' == status || status in ['todo', 'done']",
    "(done ? 'todo' : status) == 'done'",
    "'done' == (done ? status : 'todo')",
    "principal.role == 'owner' && principal.has('task:update')",
    "may('read', task) && may('read', project, author) && may('update', task, principal)",
    "created_at < timestamp('2026-01-01T00:00:00+01:00')",
    "author == principal && author == principal.id && author.id == principal.id",
    "assignee == null || assignee.manager == author",
    "due_at != null && due_at < now()",
    "due_at == null || due_at < now()",
    "!(due_at == null) && due_at < now()",
    "!(due_at == null || done) && due_at < now()",
    "due_at == null ? done : due_at < now()",
    "due_at == created_at && due_at < now()",
    "priority == 'low' && priority in ['low']",
    "(due_at != null && done || due_at != null && flag == true) && due_at < now()",
    "parent != null && parent.parent != null && parent.parent.done",
    "assignee != null && exists(subtasks, author == task.assignee && task.assignee.active)",
    "flag == true && flag != null && flag",
    "points / 7 + points % -7 - points * 2 > -points",
    "price * 2 + 1.5 > price",
    "due_at != null && due_at - created_at > spent + duration('1h') * points",
    "count(subtasks, !done) == 0 && exists(project.tasks, title == task.title)",
    "exists(subtasks, exists(subtasks, title == task.title))",
    "assignee in input.users && assignee in [author, principal]",
    "input.since != null && created_at < input.since",
    "title + '-' + string(points) == 'a-1'",
    "price == 1.50 && price < 99999999.99",
    "extra == null && 'a' in tags && tags.size() < 3",
]


@pytest.mark.parametrize(("text", "code", "at"), _WRONG)
def test_wrong_types_are_found_at_their_place(text: str, code: str, at: str) -> None:
    assert errors(text) == [(code, at)]


@pytest.mark.parametrize("text", _RIGHT)
def test_right_types_pass(text: str) -> None:
    assert errors(text) == []


def test_all_errors_are_told_at_once_in_order() -> None:
    found = errors("titel == 'a' && status == 'don' || due_at < now() && exits(subtasks)")
    assert [code for code, _ in found] == ["TS0310", "TS0314", "TS0323", "TS0312"]


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        ("titel == 'a'", "Did you mean 'title'?"),
        ("status == 'dne'", "Did you mean 'done'?"),
        ("status == 'x'", "Known: done, in_progress, todo."),
        ("principal.has('task:raed')", "Did you mean 'task:read'?"),
        ("due_at < now()", "Guard it first: due_at != null && …"),
        ("flag", "Write flag == true."),
        ("size(title) == 1", "Write x.size()."),
        ("exists(labels, points > 1)", "Write task.points."),
    ],
)
def test_help_says_what_to_do(text: str, help_: str) -> None:
    result = analysed(text)
    assert isinstance(result, list)
    assert [each.help for each in result] == [help_]


def test_the_span_is_file_line_and_column() -> None:
    result = analysed("done && titel == 'a'")
    assert isinstance(result, list)
    assert str(result[0].span) == f"{SPAN.file}:{SPAN.line}:{SPAN.column + 8}"


def test_a_test_on_rows_proves_nothing_about_inputs() -> None:
    # In a filter, input.since is used before any row is looked at.
    assert errors("created_at == input.since && created_at < input.since + duration('1h')") == [
        ("TS0323", "input.since")
    ]
    assert errors("input.since != null && created_at < input.since + duration('1h')") == []


def test_bare_names_and_relations_have_one_form() -> None:
    root = typed("assignee == principal").root
    assert isinstance(root, Compare)
    assert isinstance(root.left, Path)
    assert isinstance(root.right, Path)
    assert (str(root.left), str(root.right)) == ("task.assignee.id", "principal.id")
    assert root.left.type.kind is Kind.UUID
    assert root.left.type.nullable


@pytest.mark.parametrize(
    ("text", "expected", "found"),
    [
        ("input.user", entity("User").optional(), []),
        ("input.user", entity("User"), [("TS0323", "input.user")]),
        ("principal", entity("User"), []),
        ("project", entity("User"), [("TS0322", "project")]),
        ("subtasks", many("Task"), []),
        ("labels", many("Task"), [("TS0322", "labels")]),
        ("1", INT, []),
        ("null", STRING.optional(), []),
        ("null", STRING, [("TS0322", "null")]),
        ("'a'", STRING, []),
    ],
)
def test_the_result_has_the_wanted_type(
    text: str, expected: Type, found: list[tuple[str, str]]
) -> None:
    assert errors(text, expected=expected) == found


def test_an_expression_without_a_row_knows_variables_only() -> None:
    scope = DemoScope(row=None, row_variable="")
    assert errors("title == 'a'", scope) == [("TS0310", "title")]
    assert errors("input.text == 'a'", scope) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("title != null", True),
        ("title == null", False),
        ("1 < 2", True),
        ("estimate == null || estimate >= 0", True),
        ("estimate == null || estimate >= 1", None),
        ("points >= -100", True),
        ("points > 100", False),
        ("points == 101", False),
        ("points > 99", None),
        ("status in []", False),
        ("status in ['todo', 'in_progress', 'done']", True),
        ("status in ['todo', 'in_progress']", None),
        ("priority in ['low', 'high']", None),
        ("done || 1 == 1", True),
        ("done && !true", False),
        ("author == author", True),
        ("exists(subtasks, false)", False),
        ("exists(subtasks, true)", None),
        ("duration('1h') < duration('61m')", True),
        ("done ? true : 1 < 2", True),
        ("done", None),
    ],
)
def test_what_is_always_or_never_true_is_known(text: str, value: bool | None) -> None:
    assert is_constant(typed(text)) is value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("slug(title) == 'a'", 1),
        ("slug(input.text) == title", 0),
        ("'a' in tags", 1),
        ("tags.size() > 1", 1),
        ("price * 2 > 1.0", 1),
        ("price > input.amount * 2", 0),
        ("points > price", 1),
        ("price > input.any", 1),
        ("price in [input.any]", 1),
        ("price > 3 && points > 1.5 && points < input.amount", 0),
        ("due_at != null && due_at + duration('1d') > created_at", 0),
        ("(created_at + duration('1d')) in [created_at, now()]", 0),
        ("(done ? status : 'todo') == 'done'", 0),
        ("(done ? status : 'todo') in ['done', 'todo']", 0),
        ("(done ? status : 'todo') == (exists(labels) ? status : 'done')", 2),
        ("(done ? price : 1.5) < 3.0", 0),
        ("(done ? price : points) < 3.0", 1),
        ("(done ? created_at : now()) < now()", 0),
        ("(done ? title : 'a').contains('b')", 1),
        ("(title.size() > 1 ? 1 : 2) in [points]", 0),
        ("count(labels) in [1, 2]", 1),
    ],
)
def test_what_the_database_cannot_evaluate_is_told(text: str, found: int) -> None:
    obstacles = sql_obstacles(typed(text, expected=BOOL))
    assert [each.code for each in obstacles] == ["TS0340"] * found
