"""What an example tenant holds."""

from collections.abc import Mapping
from uuid import UUID

from app.authorization.permissions import Permission
from app.commands.comments.create_comment import CreateComment
from app.commands.labels.create_label import CreateLabel
from app.commands.projects.create_project import CreateProject
from app.commands.projects.link_project_member import LinkProjectMember
from app.commands.tasks.cancel_task import CancelTask
from app.commands.tasks.complete_task import CompleteTask
from app.commands.tasks.create_task import CreateTask
from app.commands.tasks.start_task import StartTask
from app.commands.tasks.submit_task import SubmitTask
from app.core.inputs import Payload
from app.core.preconditions import NO_PRECONDITION
from app.models.comment import Comment
from app.models.label import Label
from app.models.project import Project, ProjectVisibility
from app.models.task import Task, TaskPriority
from app.schemas.comments import CommentCreate
from app.schemas.labels import LabelCreate
from app.schemas.projects import ProjectCreate
from app.schemas.tasks import TaskCancel, TaskCreate
from app.seeding import crews, turns


async def fill(crew: crews.Crew, rows: int) -> Mapping[str, int]:
    """Store `rows` tasks of a crew's tenant, and what goes with them; count each kind."""
    return await ExampleRows(crew).fill(rows)


class ExampleRows:
    """Rows of one tenant; each kind comes after those that it refers to."""

    def __init__(self, crew: crews.Crew) -> None:
        self._crew = crew
        self._projects: list[Project] = []
        self._labels: list[Label] = []
        self._tasks: list[Task] = []
        self._comments: list[Comment] = []

    async def fill(self, rows: int) -> dict[str, int]:
        """Store the rows, and return how many there are of each kind."""
        collect = self._crew.collect
        return {
            "projects": await collect(self._make_project, self._projects, count=4),
            "labels": await collect(self._make_label, self._labels, count=4),
            "tasks": await collect(self._make_task, self._tasks, count=rows, over=crews.WEEKS),
            "comments": await collect(self._make_comment, self._comments, count=rows // 4),
        }

    async def _make_project(self, turn: turns.Turn) -> Project:
        body = ProjectCreate(
            name=turn.text("Project {}"),
            key="PR" + turn.spelled("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1),
            description=turn.text("Description of project {}."),
            visibility=turn.pick("visibility", tuple(ProjectVisibility)),
            reviewed_by_others=turn.chance("reviewed_by_others"),
        )
        project = await self._crew.create(body, lambda sent: CreateProject(body=sent))
        return await self._crew.follow(
            project,
            [_link_project_member(each) for each in turn.some("member_ids", self._crew.ids(), 3)],
        )

    async def _make_label(self, turn: turns.Turn) -> Label:
        body = LabelCreate(
            name=turn.text("Label {}"), color="#" + turn.letters("color", "0123456789ABCDEF", 6)
        )
        return await self._crew.create(body, lambda sent: CreateLabel(body=sent))

    async def _make_task(self, turn: turns.Turn) -> Task:
        project_id = turn.pick("project_id", [each.id for each in self._projects])
        body = TaskCreate(
            title=turn.text("Task {}"),
            description=turn.text("Description of task {}."),
            priority=turn.pick("priority", tuple(TaskPriority)),
            due_at=turn.perhaps("due_at", turn.moment("due_at")),
            estimate=turn.perhaps("estimate", turn.whole("estimate", 0, 480, step=15)),
            project_id=project_id,
            assignee_id=turn.either("assignee_id", self._crew.ids(Permission.TASK_UPDATE)),
            parent_id=turn.rarely(
                "parent_id", [each.id for each in self._tasks if each.project_id == project_id]
            ),
            label_ids=turn.some("label_ids", [each.id for each in self._labels], 3),
        )
        task = await self._crew.create(body, lambda sent: CreateTask(body=sent))
        return await self._crew.follow(task, turn.pick("status", self._ways_of_task(turn)))

    async def _make_comment(self, turn: turns.Turn) -> Comment:
        task_id = turn.pick("task_id", [each.id for each in self._tasks])
        body = CommentCreate(body=turn.text("Body of comment {}."))
        return await self._crew.create(body, lambda sent: CreateComment(task_id=task_id, body=sent))

    def _ways_of_task(self, turn: turns.Turn) -> tuple[tuple[crews.Step[Task], ...], ...]:
        """Return the steps that lead to each state, the nearest first."""
        return (
            (),
            (_start_task,),
            (_cancel_task(TaskCancel(reason=turn.text("Reason {}"))),),
            (_start_task, _submit_task),
            (_start_task, _submit_task, _complete_task),
        )


def _link_project_member(user_id: UUID) -> crews.Step[Project]:
    return lambda project: LinkProjectMember(
        project_id=project.id, user_id=user_id, condition=NO_PRECONDITION
    )


def _start_task(task: Task) -> StartTask:
    return StartTask(task_id=task.id, condition=NO_PRECONDITION)


def _submit_task(task: Task) -> SubmitTask:
    return SubmitTask(task_id=task.id, condition=NO_PRECONDITION)


def _complete_task(task: Task) -> CompleteTask:
    return CompleteTask(task_id=task.id, condition=NO_PRECONDITION)


def _cancel_task(body: TaskCancel) -> crews.Step[Task]:
    return lambda task: CancelTask(
        task_id=task.id, body=Payload.of(body), condition=NO_PRECONDITION
    )
