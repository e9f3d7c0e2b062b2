"""Tasks and tags: everybody has their own, and those of others do not exist."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, g

from tests.verify.peers.todo import shapes
from tests.verify.peers.todo.lists import Listing
from tests.verify.peers.todo.problems import Refused, faults
from tests.verify.peers.todo.rows import Tag, Task, moment, now
from tests.verify.peers.todo.shapes import Body
from tests.verify.peers.todo.wire import MEMORY, body, created, guarded, if_match, item, nothing

blueprint: Final = Blueprint("tasks", __name__)

_PRIORITIES: Final = ("low", "medium", "high")
_priority: Final = shapes.one_of(*_PRIORITIES)
_TAG: Final = {"name": shapes.text(1, 40)}
_NEW_TAG, _CHANGED_TAG = Body(_TAG), Body(_TAG, partial=True)
_TASK: Final = {
    "title": shapes.text(1, 255),
    "description": shapes.text(0, 1000),
    "priority": _priority,
    "due_at": shapes.nullable(shapes.instant),
    "tag_ids": shapes.identifiers(10),
}
_NEW_TASK: Final = Body(
    _TASK, {"description": "", "priority": "medium", "due_at": None, "tag_ids": []}
)
_CHANGED_TASK: Final = Body(_TASK, partial=True)


@blueprint.post("/v1/tags")
@guarded("task:write")
def create_tag() -> Response:
    sent = _NEW_TAG.read(body())
    _refuse_taken(sent["name"])
    tag = Tag(name=sent["name"], user=g.who)
    MEMORY.tags[tag.id] = tag
    return created(_tag(tag), f"/v1/tags/{tag.id}", tag)


@blueprint.get("/v1/tags")
@guarded("task:read")
def tags() -> Response:
    return _TAGS.answer([tag for tag in MEMORY.tags.values() if tag.user is g.who])


@blueprint.get("/v1/tags/<tag_id>")
@guarded("task:read")
def get_tag(tag_id: str) -> Response:
    tag = _own_tag(tag_id)
    return item(_tag(tag), tag)


@blueprint.patch("/v1/tags/<tag_id>")
@guarded("task:write")
def change_tag(tag_id: str) -> Response:
    tag = _own_tag(tag_id)
    changes = _CHANGED_TAG.read(body())
    if_match(tag, needed=True)
    name = changes.get("name", tag.name)
    _refuse_taken(name, but=tag)
    tag.name = name
    tag.touch()
    return item(_tag(tag), tag)


@blueprint.delete("/v1/tags/<tag_id>")
@guarded("task:write")
def delete_tag(tag_id: str) -> Response:
    tag = _own_tag(tag_id)
    if_match(tag)
    del MEMORY.tags[tag.id]
    for task in MEMORY.tasks.values():
        task.tag_ids = [each for each in task.tag_ids if each != tag.id]
    return nothing()


@blueprint.post("/v1/tasks")
@guarded("task:write")
def create_task() -> Response:
    sent = _NEW_TASK.read(body())
    _check_tags(sent["tag_ids"])
    task = Task(**sent, user=g.who)
    MEMORY.tasks[task.id] = task
    return created(_detail(task), f"/v1/tasks/{task.id}", task)


@blueprint.get("/v1/tasks")
@guarded("task:read")
def tasks() -> Response:
    return _TASKS.answer(_own_tasks())


@blueprint.get("/v1/me/tasks")
@guarded("task:read")
def open_tasks() -> Response:
    return _OPEN_TASKS.answer([task for task in _own_tasks() if not task.completed])


@blueprint.get("/v1/tasks/<task_id>")
@guarded("task:read")
def get_task(task_id: str) -> Response:
    task = _own_task(task_id)
    return item(_detail(task), task)


@blueprint.patch("/v1/tasks/<task_id>")
@guarded("task:write")
def change_task(task_id: str) -> Response:
    task = _own_task(task_id)
    changes = _CHANGED_TASK.read(body())
    if_match(task, needed=True)
    _check_tags(changes.get("tag_ids", []))
    return _changed(task, changes)


@blueprint.delete("/v1/tasks/<task_id>")
@guarded("task:write")
def delete_task(task_id: str) -> Response:
    task = _own_task(task_id)
    if_match(task)
    del MEMORY.tasks[task.id]
    return nothing()


@blueprint.post("/v1/tasks/<task_id>/complete")
@guarded("task:write")
def complete_task(task_id: str) -> Response:
    task = _own_task(task_id)
    if_match(task)
    if task.completed:
        raise Refused("task-completed")
    return _changed(task, {"completed": True, "completed_at": now()})


@blueprint.post("/v1/tasks/<task_id>/reopen")
@guarded("task:write")
def reopen_task(task_id: str) -> Response:
    task = _own_task(task_id)
    if_match(task)
    if not task.completed:
        raise Refused("task-not-completed")
    return _changed(task, {"completed": False, "completed_at": None})


def _changed(task: Task, values: Mapping[str, Any]) -> Response:
    for name, value in values.items():
        setattr(task, name, value)
    task.touch()
    return item(_detail(task), task)


def _own_tag(tag_id: str) -> Tag:
    tag = MEMORY.tags.get(tag_id.lower())
    if tag is None or tag.user is not g.who:
        raise Refused("not-found")
    return tag


def _own_task(task_id: str) -> Task:
    task = MEMORY.tasks.get(task_id.lower())
    if task is None or task.user is not g.who:
        raise Refused("not-found")
    return task


def _own_tasks() -> list[Task]:
    return [task for task in MEMORY.tasks.values() if task.user is g.who]


def _refuse_taken(name: str, but: Tag | None = None) -> None:
    own = (tag for tag in MEMORY.tags.values() if tag.user is g.who and tag is not but)
    if any(tag.name.lower() == name.lower() for tag in own):
        raise Refused("conflict-unique", fields=["user_id", "name"])


def _check_tags(ids: list[str]) -> None:
    own = {tag.id for tag in MEMORY.tags.values() if tag.user is g.who}
    missing = [position for position, each in enumerate(ids) if each not in own]
    if missing:
        slug = "invalid-reference"
        raise faults([(f"#/tag_ids/{place}", slug, "No such tag.") for place in missing], slug)


def _tag(tag: Tag) -> dict[str, Any]:
    times = {"created_at": moment(tag.created_at), "updated_at": moment(tag.updated_at)}
    return {"id": tag.id, "name": tag.name, "user_id": tag.user.id, **times, "version": tag.version}


def _summary(task: Task) -> dict[str, Any]:
    return {
        "id": task.id,
        "title": task.title,
        "completed": task.completed,
        "priority": task.priority,
        "due_at": moment(task.due_at),
        "is_overdue": task.overdue,
        "tag_ids": sorted(task.tag_ids),
        "created_at": moment(task.created_at),
        "version": task.version,
    }


def _detail(task: Task) -> dict[str, Any]:
    return {
        **_summary(task),
        "description": task.description,
        "completed_at": moment(task.completed_at),
        "updated_at": moment(task.updated_at),
    }


def _passes(task: Task, asked: Mapping[str, Any]) -> bool:
    due = task.due_at
    words = _words(f"{task.title} {task.description}")
    wanted = _words(asked["q"]) if "q" in asked else []
    return (
        asked.get("completed", task.completed) == task.completed
        and task.priority in asked.get("priority", _PRIORITIES)
        and ("tag_id" not in asked or asked["tag_id"] in task.tag_ids)
        and ("due_at_from" not in asked or (due is not None and due >= asked["due_at_from"]))
        and ("due_at_before" not in asked or (due is not None and due < asked["due_at_before"]))
        and asked.get("is_overdue", task.overdue) == task.overdue
        and ("q" not in asked or bool(wanted))
        and all(any(word.startswith(each) for word in words) for each in wanted)
    )


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return re.findall(r"[^\W_]+", re.sub(r"[\u0300-\u036f]", "", folded))


_TAGS: Final = Listing(
    _tag, {"name": lambda tag: tag.name, "created_at": lambda tag: tag.created_at}, "name"
)
_KEYS: Final = {
    "created_at": lambda task: task.created_at,
    "due_at": lambda task: task.due_at,
    "priority": lambda task: _PRIORITIES.index(task.priority),
    "title": lambda task: task.title,
}
_FILTERS: Final = {
    "completed": shapes.truth,
    "priority": _priority,
    "tag_id": shapes.identifier,
    "due_at_from": shapes.instant,
    "due_at_before": shapes.instant,
    "is_overdue": shapes.truth,
    "q": shapes.text(1, 200),
}
_TASKS: Final = Listing(
    _summary, _KEYS, "-created_at", _FILTERS, _passes, many=frozenset({"priority"})
)
_OPEN_TASKS: Final = Listing(_summary, _KEYS, "due_at")
