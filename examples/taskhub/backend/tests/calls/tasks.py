"""Calls of the operations on tasks."""

from typing import Any, Final

from app.authorization.permissions import Role
from app.core.preconditions import entity_tag
from app.models.task import Task
from tests.cases import Call, Operation, Reference, wire
from tests.factories.labels import make_label
from tests.factories.projects import make_hidden_project, make_project
from tests.factories.tasks import least_task, make_hidden_task, make_task
from tests.world import Person, the_same


async def create_task(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `CreateTask`."""
    return CREATE_TASK.call(body={**await least_task(by), **wire(values)})


async def get_task(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `GetTask`."""
    task = await make_task(by, **values)
    return GET_TASK.call(task_id=task.id)


async def list_tasks(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `ListTasks`."""
    return LIST_TASKS.call()


async def update_task(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `UpdateTask`."""
    task = await make_task(by, **values)
    return UPDATE_TASK.call(
        task_id=task.id, body={"title": "Another title"}, if_match=entity_tag(task)
    )


async def delete_task(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `DeleteTask`."""
    task = await make_task(by, **values)
    return DELETE_TASK.call(task_id=task.id, if_match=entity_tag(task))


async def start_task(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `StartTask`."""
    task = await make_task(by, **{"status": "todo", "assignee_id": by.id, **values})
    return START_TASK.call(task_id=task.id, if_match=entity_tag(task))


async def submit_task(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `SubmitTask`."""
    task = await make_task(by, **{"status": "in_progress", "assignee_id": by.id, **values})
    return SUBMIT_TASK.call(task_id=task.id, if_match=entity_tag(task))


async def complete_task(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `CompleteTask`."""
    task = await make_task(by, **{"status": "in_review", "assignee_id": by.id, **values})
    return COMPLETE_TASK.call(task_id=task.id, if_match=entity_tag(task))


async def cancel_task(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `CancelTask`."""
    task = await make_task(by, **{"status": "todo", **values})
    return CANCEL_TASK.call(task_id=task.id, body={"reason": "Reason"}, if_match=entity_tag(task))


async def reopen_task(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `ReopenTask`."""
    task = await make_task(by, **{"status": "done", **values})
    return REOPEN_TASK.call(task_id=task.id, if_match=entity_tag(task))


async def my_tasks(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `MyTasks`."""
    return MY_TASKS.call()


async def row_of_list_tasks(by: Person, call: Call, /, **values: Any) -> Task:
    """Make a row that the answer to `ListTasks` holds."""
    return await make_task(by, **values)


async def row_of_my_tasks(by: Person, call: Call, /, **values: Any) -> Task:
    """Make a row that the answer to `MyTasks` holds."""
    return await make_task(by, **{"assignee_id": by.id, **values})


async def hidden_task(by: Person, /) -> dict[str, Any]:
    """Return values that hide a task from those who may not see it."""
    project = await make_project(by, visibility="private")
    return {"project_id": project.id}


CREATE_TASK: Final = Operation(
    name="CreateTask",
    method="POST",
    path="/v1/tasks",
    arrange=create_task,
    success=201,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER),
    requirements=("REQ-011",),
    has_body=True,
    audit="task.create",
    events=("TaskCreated",),
    references=(
        Reference(
            member="project_id",
            make=make_project,
            make_hidden=make_hidden_project,
            blind=(Role.MEMBER,),
        ),
        Reference(member="assignee_id", make=the_same),
        Reference(
            member="parent_id", make=make_task, make_hidden=make_hidden_task, blind=(Role.MEMBER,)
        ),
        Reference(member="label_ids", make=make_label, many=True),
    ),
)
GET_TASK: Final = Operation(
    name="GetTask",
    method="GET",
    path="/v1/tasks/{task_id}",
    arrange=get_task,
    success=200,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER),
    requirements=("REQ-011",),
    hide=hidden_task,
    blind=(Role.MEMBER, Role.VIEWER),
)
LIST_TASKS: Final = Operation(
    name="ListTasks",
    method="GET",
    path="/v1/tasks",
    arrange=list_tasks,
    success=200,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER),
    requirements=("REQ-011", "REQ-015"),
    row=row_of_list_tasks,
    hide=hidden_task,
    blind=(Role.MEMBER, Role.VIEWER),
)
UPDATE_TASK: Final = Operation(
    name="UpdateTask",
    method="PATCH",
    path="/v1/tasks/{task_id}",
    arrange=update_task,
    success=200,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER),
    requirements=("REQ-011",),
    has_body=True,
    conditional=True,
    demands_condition=True,
    audit="task.update",
    hide=hidden_task,
    blind=(Role.MEMBER,),
    references=(
        Reference(member="assignee_id", make=the_same),
        Reference(
            member="parent_id", make=make_task, make_hidden=make_hidden_task, blind=(Role.MEMBER,)
        ),
        Reference(member="label_ids", make=make_label, many=True),
    ),
)
DELETE_TASK: Final = Operation(
    name="DeleteTask",
    method="DELETE",
    path="/v1/tasks/{task_id}",
    arrange=delete_task,
    success=204,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER),
    requirements=("REQ-011",),
    conditional=True,
    audit="task.delete",
    hide=hidden_task,
    blind=(Role.MEMBER,),
)
START_TASK: Final = Operation(
    name="StartTask",
    method="POST",
    path="/v1/tasks/{task_id}/start",
    arrange=start_task,
    success=200,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER),
    requirements=("REQ-011",),
    conditional=True,
    audit="task.start",
    events=("TaskStatusChanged",),
    hide=hidden_task,
    blind=(Role.MEMBER,),
)
SUBMIT_TASK: Final = Operation(
    name="SubmitTask",
    method="POST",
    path="/v1/tasks/{task_id}/submit",
    arrange=submit_task,
    success=200,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER),
    requirements=("REQ-011",),
    conditional=True,
    audit="task.submit",
    events=("TaskStatusChanged",),
    hide=hidden_task,
    blind=(Role.MEMBER,),
)
COMPLETE_TASK: Final = Operation(
    name="CompleteTask",
    method="POST",
    path="/v1/tasks/{task_id}/complete",
    arrange=complete_task,
    success=200,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER),
    requirements=("REQ-011",),
    conditional=True,
    audit="task.complete",
    events=("TaskCompleted", "TaskStatusChanged"),
    hide=hidden_task,
    blind=(Role.MEMBER,),
)
CANCEL_TASK: Final = Operation(
    name="CancelTask",
    method="POST",
    path="/v1/tasks/{task_id}/cancel",
    arrange=cancel_task,
    success=200,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER),
    requirements=("REQ-011",),
    has_body=True,
    conditional=True,
    audit="task.cancel",
    events=("TaskStatusChanged",),
    hide=hidden_task,
    blind=(Role.MEMBER,),
)
REOPEN_TASK: Final = Operation(
    name="ReopenTask",
    method="POST",
    path="/v1/tasks/{task_id}/reopen",
    arrange=reopen_task,
    success=200,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER),
    requirements=("REQ-011",),
    conditional=True,
    audit="task.reopen",
    events=("TaskStatusChanged",),
    hide=hidden_task,
    blind=(Role.MEMBER,),
)
MY_TASKS: Final = Operation(
    name="MyTasks",
    method="GET",
    path="/v1/me/tasks",
    arrange=my_tasks,
    success=200,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER),
    requirements=("REQ-011",),
    row=row_of_my_tasks,
    hide=hidden_task,
    blind=(Role.MEMBER, Role.VIEWER),
)

OPERATIONS: Final = (
    CREATE_TASK,
    GET_TASK,
    LIST_TASKS,
    UPDATE_TASK,
    DELETE_TASK,
    START_TASK,
    SUBMIT_TASK,
    COMPLETE_TASK,
    CANCEL_TASK,
    REOPEN_TASK,
    MY_TASKS,
)
