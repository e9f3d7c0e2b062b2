"""What is emitted reads as if a person had written it."""

import pytest

from tests.expression.demo.names import row_names, table_names
from tests.expression.support import python, sql, typed
from tospec.expression import DURATION, TIMESTAMP
from tospec.lowering.expressions import to_python, to_sqlalchemy

_SAME_TENANT = "projects.c.tenant_id == tasks.c.tenant_id"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("assignee == principal", "task.assignee_id == actor.user_id"),
        ("status == 'done'", "task.status == Status.DONE"),
        ("!(status in ['done', 'todo'])", "task.status not in (Status.DONE, Status.TODO)"),
        ("!(status in ['done'])", "task.status != Status.DONE"),
        ("status in ['done', 'done', 'todo']", "task.status in (Status.DONE, Status.TODO)"),
        ("status in []", "False"),
        ("due_at != null && due_at < now()", "task.due_at is not None and task.due_at < now"),
        ("done && (flag == true || !done)", "task.done and (task.flag is True or not task.done)"),
        ("!(done && true)", "not (task.done and True)"),
        ("!(points < 3)", "task.points >= 3"),
        ("done == true", "task.done"),
        ("done != true", "not task.done"),
        ("(points + 1) * 2 - (3 - points) > 0", "(task.points + 1) * 2 - (3 - task.points) > 0"),
        ("done == (points > 1)", "task.done == (task.points > 1)"),
        ("(done ? 1 : 2) == 1", "(1 if task.done else 2) == 1"),
        (
            "estimate != null && estimate / 60 > 1",
            "task.estimate is not None and task.estimate // 60 > 1",
        ),
        ("points / 7 == 1", "int(Decimal(task.points) // 7) == 1"),
        ("now() - created_at > duration('36h')", "task.created_at < now - timedelta(hours=36)"),
        (
            "title.startsWith('a') && title.contains('b')",
            "task.title.startswith('a') and 'b' in task.title",
        ),
        ("lower(title).size() == 1", "len(task.title.lower()) == 1"),
        ("principal.has('task:update')", "actor.has(Permission.TASK_UPDATE)"),
        ("may('update', project, author)", "may_update_project(task.author, task.project)"),
        ("project.archived", "task.project.archived"),
        ("count(subtasks) == 0", "len(task.subtasks) == 0"),
        (
            "exists(subtasks, title == task.title)",
            "any(task_1.title == task.title for task_1 in task.subtasks)",
        ),
        ("title + '-' + string(points) == 'a'", "task.title + '-' + str(task.points) == 'a'"),
    ],
)
def test_python(text: str, expected: str) -> None:
    assert python(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("assignee == principal", "tasks.c.assignee_id == actor.user_id"),
        ("assignee != principal", "tasks.c.assignee_id.is_distinct_from(actor.user_id)"),
        ("author != principal", "tasks.c.author_id != actor.user_id"),
        ("assignee == input.user", "tasks.c.assignee_id.is_not_distinct_from(inputs.user_id)"),
        ("!(status in ['done', 'todo'])", "tasks.c.status.not_in([Status.DONE, Status.TODO])"),
        (
            "!(priority in ['low', 'high'])",
            "or_(tasks.c.priority.is_(None), tasks.c.priority.not_in([Priority.LOW, Priority."
            "HIGH]))",
        ),
        (
            "due_at != null && due_at < now()",
            "and_(tasks.c.due_at.is_not(None), tasks.c.due_at < now)",
        ),
        ("!(done || title == 'a')", "and_(~tasks.c.done, tasks.c.title != 'a')"),
        ("flag == true", "tasks.c.flag.is_(True)"),
        (
            "principal.has('task:update') && done",
            "tasks.c.done if actor.has(Permission.TASK_UPDATE) else false()",
        ),
        (
            "principal.has('task:update') || done",
            "true() if actor.has(Permission.TASK_UPDATE) else tasks.c.done",
        ),
        ("principal.has('task:update')", "literal(actor.has(Permission.TASK_UPDATE))"),
        ("true", "true()"),
        ("now() - created_at > duration('36h')", "tasks.c.created_at < now - timedelta(hours=36)"),
        ("points == 2147483648", "tasks.c.points == literal(2147483648, BigInteger)"),
        ("huge == 2147483648", "tasks.c.huge == 2147483648"),
        (
            "estimate != null && estimate - 2147483648 == 0",
            "and_(tasks.c.estimate.is_not(None), "
            "cast(tasks.c.estimate, BigInteger) - literal(2147483648, BigInteger) == 0)",
        ),
        ("title.startsWith('ab')", "func.substr(tasks.c.title, 1, 2) == 'ab'"),
        (
            "parent != null && parent.assignee == principal",
            "and_(tasks.c.parent_id.is_not(None), select(other_tasks.c.assignee_id)."
            "where(other_tasks.c.id == tasks.c.parent_id, other_tasks.c.tenant_id == tasks.c."
            "tenant_id).correlate_except(other_tasks).scalar_subquery() == actor.user_id)",
        ),
        (
            "project.archived",
            "select(projects.c.archived).where(projects.c.id == tasks.c.project_id, "
            f"{_SAME_TENANT}).correlate_except(projects).scalar_subquery()",
        ),
        (
            "count(labels) > 1",
            "select(func.count()).select_from(labels).where(labels.c.id."
            "in_(select(task_labels.c.label_id).where(task_labels.c.task_id == tasks.c.id)."
            "correlate_except(task_labels)), labels.c.tenant_id == tasks.c.tenant_id)."
            "correlate_except(labels).scalar_subquery() > 1",
        ),
        (
            "count(subtasks, !done) == 0",
            "~exists(select(other_tasks.c.id).where(other_tasks.c.parent_id == tasks.c.id, "
            "other_tasks.c.tenant_id == tasks.c.tenant_id, ~other_tasks.c.done)."
            "correlate_except(other_tasks))",
        ),
        (
            "title + '-' + string(points) == 'a'",
            "tasks.c.title + '-' + cast(tasks.c.points, String) == 'a'",
        ),
    ],
)
def test_sqlalchemy(text: str, expected: str) -> None:
    assert sql(text) == expected


def test_only_an_exact_condition_cares_for_null() -> None:
    assert sql("note == 'a'") == "tasks.c.note == 'a'"
    assert sql("note == 'a'", exact=True) == "tasks.c.note.is_not_distinct_from('a')"


def test_every_subquery_finds_rows_of_the_same_tenant() -> None:
    code = sql("exists(project.tasks, exists(subtasks, author.name == task.title))")
    assert code.count("select(") == code.count("tenant_id == ") == 3


def test_a_table_that_occurs_around_has_an_alias() -> None:
    names = table_names()
    to_sqlalchemy(typed("exists(subtasks, exists(subtasks))"), names)
    found = {name: code.text for name, code in names.aliases.items()}
    assert found == {
        "other_tasks": 'tasks.alias("other_tasks")',
        "other_tasks_2": 'tasks.alias("other_tasks_2")',
    }


def test_text_of_the_spec_becomes_a_literal() -> None:
    hostile = r"'\'); import os; os.system(\"x\") #\\'"
    assert (
        python(f"title == {hostile}") == "task.title == '\\'); import os; os.system(\"x\") #\\\\'"
    )


def test_imports_come_with_the_code() -> None:
    code = to_python(typed("due_at != null && due_at - now() < duration('1h')"), row_names())
    assert {(each.module, each.name) for each in code.imports} == {("datetime", "timedelta")}


def test_values_other_than_conditions() -> None:
    assert python("now() + duration('15m')", TIMESTAMP) == "now + timedelta(minutes=15)"
    assert python("now() - created_at", DURATION) == "now - task.created_at"
    assert sql("due_at", TIMESTAMP.optional()) == "tasks.c.due_at"
    assert sql("now()", TIMESTAMP) == "literal(now)"
