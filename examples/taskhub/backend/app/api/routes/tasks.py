"""Routes of tasks: translate HTTP, and nothing else."""

from fastapi import Request, Response

from app.api.bulk import bulk_results
from app.api.conditions import IfMatch, RequiredIfMatch
from app.api.deps import Dispatch, Permitted
from app.api.idempotency import Repeatable
from app.api.pages import Listing, page
from app.api.payload import JsonBody
from app.api.responses import created, item, no_content
from app.api.routing import Router
from app.commands.tasks.cancel_task import CancelTask
from app.commands.tasks.change_tasks import ChangeTasks
from app.commands.tasks.complete_task import CompleteTask
from app.commands.tasks.create_task import CreateTask
from app.commands.tasks.delete_task import DeleteTask
from app.commands.tasks.reopen_task import ReopenTask
from app.commands.tasks.start_task import StartTask
from app.commands.tasks.submit_task import SubmitTask
from app.commands.tasks.update_task import UpdateTask
from app.core.bulk import BulkFailedError
from app.core.errors import (
    ConcurrentUpdateError,
    InvalidReferenceError,
    InvalidTransitionError,
    ReferencedError,
)
from app.errors import (
    AssigneeCannotSeeProjectError,
    OpenSubtasksError,
    ParentInOtherProjectError,
    ProjectArchivedError,
    SelfReviewError,
    TaskNestingError,
    TaskUnassignedError,
)
from app.queries.tasks.get_task import GetTask
from app.queries.tasks.list_tasks import ListTasks
from app.queries.tasks.my_tasks import MyTasks
from app.schemas.bulk import BulkView
from app.schemas.fields import Id
from app.schemas.page import PageView
from app.schemas.tasks import (
    ChangeTasksInput,
    MyTasksParameters,
    TaskCancel,
    TaskCreate,
    TaskDetail,
    TaskListParameters,
    TaskSummary,
    TaskUpdate,
)

router = Router(tags=["tasks"])


@router.post(
    "/v1/tasks",
    status_code=201,
    response_model=TaskDetail,
    raises=(
        InvalidReferenceError,
        ProjectArchivedError,
        AssigneeCannotSeeProjectError,
        ParentInOtherProjectError,
        TaskNestingError,
    ),
)
async def create_task(
    actor: Permitted[CreateTask],
    body: JsonBody[TaskCreate],
    repeatable: Repeatable,
    dispatch: Dispatch,
) -> Response:
    """Create a task."""
    return await repeatable.answer(
        lambda request: dispatch(CreateTask(body=body, request=request), actor=actor),
        lambda task: created(TaskDetail.of(task), location=f"/v1/tasks/{task.id}", of=task),
    )


@router.get("/v1/tasks/{task_id}", response_model=TaskDetail)
async def get_task(
    request: Request, task_id: Id, actor: Permitted[GetTask], dispatch: Dispatch
) -> Response:
    """Read a task."""
    task = await dispatch(GetTask(task_id=task_id), actor=actor)
    return item(TaskDetail.of(task), of=task, request=request)


@router.get("/v1/tasks", response_model=PageView[TaskSummary])
async def list_tasks(
    request: Request,
    actor: Permitted[ListTasks],
    listing: Listing[TaskListParameters],
    dispatch: Dispatch,
) -> Response:
    """List tasks."""
    tasks = await dispatch(ListTasks(listing=listing), actor=actor)
    return page(request, tasks, TaskSummary.each)


@router.patch(
    "/v1/tasks/{task_id}",
    response_model=TaskDetail,
    raises=(
        InvalidReferenceError,
        ConcurrentUpdateError,
        ProjectArchivedError,
        AssigneeCannotSeeProjectError,
        ParentInOtherProjectError,
        TaskNestingError,
    ),
)
async def update_task(
    task_id: Id,
    actor: Permitted[UpdateTask],
    changes: JsonBody[TaskUpdate],
    condition: RequiredIfMatch,
    dispatch: Dispatch,
) -> Response:
    """Change a task."""
    task = await dispatch(
        UpdateTask(task_id=task_id, changes=changes, condition=condition), actor=actor
    )
    return item(TaskDetail.of(task), of=task)


@router.delete(
    "/v1/tasks/{task_id}",
    status_code=204,
    raises=(ReferencedError, ConcurrentUpdateError, ProjectArchivedError),
)
async def delete_task(
    task_id: Id, actor: Permitted[DeleteTask], condition: IfMatch, dispatch: Dispatch
) -> Response:
    """Delete a task."""
    await dispatch(DeleteTask(task_id=task_id, condition=condition), actor=actor)
    return no_content()


@router.post(
    "/v1/tasks/{task_id}/start",
    response_model=TaskDetail,
    raises=(
        InvalidTransitionError,
        ConcurrentUpdateError,
        ProjectArchivedError,
        TaskUnassignedError,
    ),
)
async def start_task(
    task_id: Id, actor: Permitted[StartTask], condition: IfMatch, dispatch: Dispatch
) -> Response:
    """Move a task to `in_progress`."""
    task = await dispatch(StartTask(task_id=task_id, condition=condition), actor=actor)
    return item(TaskDetail.of(task), of=task)


@router.post(
    "/v1/tasks/{task_id}/submit",
    response_model=TaskDetail,
    raises=(InvalidTransitionError, ConcurrentUpdateError, ProjectArchivedError),
)
async def submit_task(
    task_id: Id, actor: Permitted[SubmitTask], condition: IfMatch, dispatch: Dispatch
) -> Response:
    """Move a task to `in_review`."""
    task = await dispatch(SubmitTask(task_id=task_id, condition=condition), actor=actor)
    return item(TaskDetail.of(task), of=task)


@router.post(
    "/v1/tasks/{task_id}/complete",
    response_model=TaskDetail,
    raises=(
        InvalidTransitionError,
        ConcurrentUpdateError,
        ProjectArchivedError,
        OpenSubtasksError,
        SelfReviewError,
    ),
)
async def complete_task(
    task_id: Id, actor: Permitted[CompleteTask], condition: IfMatch, dispatch: Dispatch
) -> Response:
    """Move a task to `done`."""
    task = await dispatch(CompleteTask(task_id=task_id, condition=condition), actor=actor)
    return item(TaskDetail.of(task), of=task)


@router.post(
    "/v1/tasks/{task_id}/cancel",
    response_model=TaskDetail,
    raises=(InvalidTransitionError, ConcurrentUpdateError, ProjectArchivedError),
)
async def cancel_task(
    task_id: Id,
    actor: Permitted[CancelTask],
    body: JsonBody[TaskCancel],
    condition: IfMatch,
    dispatch: Dispatch,
) -> Response:
    """Move a task to `cancelled`."""
    task = await dispatch(CancelTask(task_id=task_id, body=body, condition=condition), actor=actor)
    return item(TaskDetail.of(task), of=task)


@router.post(
    "/v1/tasks/{task_id}/reopen",
    response_model=TaskDetail,
    raises=(InvalidTransitionError, ConcurrentUpdateError, ProjectArchivedError),
)
async def reopen_task(
    task_id: Id, actor: Permitted[ReopenTask], condition: IfMatch, dispatch: Dispatch
) -> Response:
    """Move a task to `todo`."""
    task = await dispatch(ReopenTask(task_id=task_id, condition=condition), actor=actor)
    return item(TaskDetail.of(task), of=task)


@router.get("/v1/me/tasks", response_model=PageView[TaskSummary])
async def my_tasks(
    request: Request,
    actor: Permitted[MyTasks],
    listing: Listing[MyTasksParameters],
    dispatch: Dispatch,
) -> Response:
    """My tasks."""
    tasks = await dispatch(MyTasks(listing=listing), actor=actor)
    return page(request, tasks, TaskSummary.each)


@router.post("/v1/tasks/bulk", response_model=BulkView[TaskDetail], raises=(BulkFailedError,))
async def change_tasks(
    request: Request,
    actor: Permitted[ChangeTasks],
    body: JsonBody[ChangeTasksInput],
    dispatch: Dispatch,
) -> Response:
    """Move or assign many tasks at once."""
    outcomes = await dispatch(ChangeTasks(body=body), actor=actor)
    return bulk_results(request, outcomes, TaskDetail.of)
