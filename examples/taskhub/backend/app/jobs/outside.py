"""Jobs that ask other services."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from app.events.accounts import UserInvited
from app.events.comments import UserMentioned
from app.events.tasks import TaskAssigned, TaskOverdue
from app.events.webhooks import WebhookDisabled
from app.integrations import Integrations
from app.repositories.users import UserRepository
from app.worker.asking import AskOnce
from app.worker.on_event import OnEvent
from app.worker.work import Retry


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
        }

    @classmethod
    async def ask(cls, outside: Integrations, asked: Mapping[str, Any], *, job_id: UUID) -> None:
        """Ask `mail` for what the job keeps."""
        await outside.mail.send(
            to=asked["to"], subject=asked["subject"], text=asked["text"], key=str(job_id)
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
        }

    @classmethod
    async def ask(cls, outside: Integrations, asked: Mapping[str, Any], *, job_id: UUID) -> None:
        """Ask `mail` for what the job keeps."""
        await outside.mail.send(
            to=asked["to"], subject=asked["subject"], text=asked["text"], key=str(job_id)
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
        }

    @classmethod
    async def ask(cls, outside: Integrations, asked: Mapping[str, Any], *, job_id: UUID) -> None:
        """Ask `mail` for what the job keeps."""
        await outside.mail.send(
            to=asked["to"], subject=asked["subject"], text=asked["text"], key=str(job_id)
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
