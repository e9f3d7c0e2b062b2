"""Jobs that ask other services."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, literal

from app.computed import tasks as task_values
from app.db.subqueries import any_of, count_of, refers
from app.events.accounts import UserInvited
from app.events.comments import UserMentioned
from app.events.tasks import TaskAssigned, TaskOverdue
from app.events.webhooks import WebhookDisabled
from app.integrations import Integrations
from app.models.job import Priority
from app.models.task import TaskStatus, tasks
from app.models.user import users
from app.repositories.questions import Questions
from app.repositories.users import UserRepository
from app.worker.asking import AskOnce
from app.worker.asking_each import AskEach
from app.worker.on_event import OnEvent
from app.worker.work import Retry


class SendDigest(AskEach):
    """Tell somebody what is on their list."""

    name: ClassVar = "send_digest"
    timeout: ClassVar = timedelta(minutes=1)
    retry: ClassVar = Retry(attempts=5, base=timedelta(seconds=2), cap=timedelta(minutes=10))
    priority: ClassVar = Priority.LOW

    def questions(self) -> Questions:
        """Return which rows it is about, and what is sent about each."""
        return Questions(self._transaction, users, _send_digest(), _send_digest_tells())

    @classmethod
    async def ask(cls, outside: Integrations, asked: Mapping[str, Any], *, job_id: UUID) -> None:
        """Ask `mail` for what the job keeps."""
        await outside.mail.send(
            to=asked["to"], subject=asked["subject"], text=asked["text"], key=str(job_id)
        )


class NotifyAssignee(AskOnce, OnEvent[TaskAssigned]):
    """Tell somebody that a task is theirs now."""

    name: ClassVar = "notify_assignee"
    timeout: ClassVar = timedelta(minutes=1)
    retry: ClassVar = Retry(attempts=5, base=timedelta(seconds=2), cap=timedelta(minutes=10))
    on: ClassVar = (TaskAssigned,)

    async def follow(self) -> None:
        """Read the rows that the event leads to."""
        self._event_assignee = await self.found(
            UserRepository(self._transaction), self._event.assignee_id
        )

    def applies(self) -> bool:
        """Return whether the event asks for anything."""
        return self._event.assignee_id is not None

    def question(self) -> dict[str, object]:
        """Return what is sent."""
        return {
            "to": self._event_assignee.email,
            "subject": self._event.reference + " is assigned to you",
            "text": "You have been assigned the task " + self._event.reference + ".",
            "about": str(self._event.id),
        }

    @classmethod
    async def ask(cls, outside: Integrations, asked: Mapping[str, Any], *, job_id: UUID) -> None:
        """Ask `mail` for what the job keeps."""
        await outside.mail.send(
            to=asked["to"],
            subject=asked["subject"],
            text=asked["text"],
            about=asked["about"],
            key=str(job_id),
        )


class NotifyMentioned(AskOnce, OnEvent[UserMentioned]):
    """Tell somebody that a comment mentions them."""

    name: ClassVar = "notify_mentioned"
    timeout: ClassVar = timedelta(minutes=1)
    retry: ClassVar = Retry(attempts=5, base=timedelta(seconds=2), cap=timedelta(minutes=10))
    on: ClassVar = (UserMentioned,)

    async def follow(self) -> None:
        """Read the rows that the event leads to."""
        self._event_user = await self.found(UserRepository(self._transaction), self._event.user_id)
        self._event_author = await self.found(
            UserRepository(self._transaction), self._event.author_id
        )

    def question(self) -> dict[str, object]:
        """Return what is sent."""
        return {
            "to": self._event_user.email,
            "subject": "You were mentioned in a comment",
            "text": self._event_author.name + " has mentioned you in a comment.",
            "about": str(self._event.task_id),
        }

    @classmethod
    async def ask(cls, outside: Integrations, asked: Mapping[str, Any], *, job_id: UUID) -> None:
        """Ask `mail` for what the job keeps."""
        await outside.mail.send(
            to=asked["to"],
            subject=asked["subject"],
            text=asked["text"],
            about=asked["about"],
            key=str(job_id),
        )


class NotifyOverdue(AskOnce, OnEvent[TaskOverdue]):
    """Tell the assignee that a task is overdue."""

    name: ClassVar = "notify_overdue"
    timeout: ClassVar = timedelta(minutes=1)
    retry: ClassVar = Retry(attempts=5, base=timedelta(seconds=2), cap=timedelta(minutes=10))
    on: ClassVar = (TaskOverdue,)

    async def follow(self) -> None:
        """Read the rows that the event leads to."""
        self._event_assignee = await self.found(
            UserRepository(self._transaction), self._event.assignee_id
        )

    def applies(self) -> bool:
        """Return whether the event asks for anything."""
        return self._event.assignee_id is not None

    def question(self) -> dict[str, object]:
        """Return what is sent."""
        return {
            "to": self._event_assignee.email,
            "subject": self._event.reference + " is overdue",
            "text": "The task " + self._event.reference + " is past its due date.",
            "about": str(self._event.id),
        }

    @classmethod
    async def ask(cls, outside: Integrations, asked: Mapping[str, Any], *, job_id: UUID) -> None:
        """Ask `mail` for what the job keeps."""
        await outside.mail.send(
            to=asked["to"],
            subject=asked["subject"],
            text=asked["text"],
            about=asked["about"],
            key=str(job_id),
        )


class NotifyInvited(AskOnce, OnEvent[UserInvited]):
    """Tell somebody that they are invited."""

    name: ClassVar = "notify_invited"
    timeout: ClassVar = timedelta(minutes=1)
    retry: ClassVar = Retry(attempts=5, base=timedelta(seconds=2), cap=timedelta(minutes=10))
    on: ClassVar = (UserInvited,)

    def question(self) -> dict[str, object]:
        """Return what is sent."""
        return {
            "to": self._event.email,
            "subject": "You are invited to TaskHub",
            "text": "You have been invited to a team on TaskHub. Whoever invited you has the link.",
        }

    @classmethod
    async def ask(cls, outside: Integrations, asked: Mapping[str, Any], *, job_id: UUID) -> None:
        """Ask `mail` for what the job keeps."""
        await outside.mail.send(
            to=asked["to"], subject=asked["subject"], text=asked["text"], key=str(job_id)
        )


class NotifyWebhookDisabled(AskOnce, OnEvent[WebhookDisabled]):
    """Tell the owner of a webhook that nothing is delivered to it any more."""

    name: ClassVar = "notify_webhook_disabled"
    timeout: ClassVar = timedelta(minutes=1)
    retry: ClassVar = Retry(attempts=5, base=timedelta(seconds=2), cap=timedelta(minutes=10))
    on: ClassVar = (WebhookDisabled,)

    async def follow(self) -> None:
        """Read the rows that the event leads to."""
        self._event_owner = await self.found(
            UserRepository(self._transaction), self._event.owner_id
        )

    def question(self) -> dict[str, object]:
        """Return what is sent."""
        return {
            "to": self._event_owner.email,
            "subject": "A webhook was switched off",
            "text": "Nothing is delivered to " + self._event.url + " any more.",
        }

    @classmethod
    async def ask(cls, outside: Integrations, asked: Mapping[str, Any], *, job_id: UUID) -> None:
        """Ask `mail` for what the job keeps."""
        await outside.mail.send(
            to=asked["to"], subject=asked["subject"], text=asked["text"], key=str(job_id)
        )


@cache
def _send_digest() -> ColumnElement[bool]:
    """Hold for the users that `SendDigest` is for."""
    assigned_task = tasks.alias()
    return and_(
        ~users.c.disabled_at.is_not(None),
        any_of(
            assigned_task,
            refers(assigned_task, "assignee_id", to=users),
            assigned_task.c.status.in_(
                [TaskStatus.TODO, TaskStatus.IN_PROGRESS, TaskStatus.IN_REVIEW]
            ),
        ),
    )


@cache
def _send_digest_tells() -> Mapping[str, object]:
    """Return what `SendDigest` tells of each of them, by name."""
    assigned_task = tasks.alias()
    return {
        "to": users.c.email,
        "subject": literal("Your week on TaskHub"),
        "text": (
            "Tasks for you: "
            + cast(
                count_of(
                    assigned_task,
                    refers(assigned_task, "assignee_id", to=users),
                    assigned_task.c.status.in_(
                        [TaskStatus.TODO, TaskStatus.IN_PROGRESS, TaskStatus.IN_REVIEW]
                    ),
                ),
                String,
            )
            + ". Overdue: "
            + cast(
                count_of(
                    assigned_task,
                    refers(assigned_task, "assignee_id", to=users),
                    task_values.is_overdue(assigned_task),
                ),
                String,
            )
            + "."
        ),
    }
