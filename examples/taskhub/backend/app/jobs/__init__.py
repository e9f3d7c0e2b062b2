"""Jobs, one module for the rows of each entity, and when they run."""

from typing import Final

from app.events.accounts import TenantCreated, UserInvited, UserJoined
from app.events.base import Event
from app.events.comments import CommentAdded, UserMentioned
from app.events.from_mail import MailBounced
from app.events.projects import ProjectArchived, ProjectCreated
from app.events.tasks import (
    TaskAssigned,
    TaskCompleted,
    TaskCreated,
    TaskOverdue,
    TaskStatusChanged,
)
from app.events.webhooks import WebhookDisabled
from app.jobs.outside import (
    NotifyAssignee,
    NotifyInvited,
    NotifyMentioned,
    NotifyOverdue,
    NotifyWebhookDisabled,
    SendDigest,
)
from app.jobs.purges import PurgeExpired
from app.jobs.tasks import ArchiveDone, MarkOverdue, NoteBounce
from app.worker.schedule import CatchUp, Overlap, Schedule
from app.worker.work import Work

JOBS: Final[tuple[type[Work], ...]] = (
    MarkOverdue,
    ArchiveDone,
    PurgeExpired,
    SendDigest,
    NoteBounce,
    NotifyAssignee,
    NotifyMentioned,
    NotifyOverdue,
    NotifyInvited,
    NotifyWebhookDisabled,
)

EVENTS: Final[tuple[type[Event], ...]] = (
    TenantCreated,
    UserInvited,
    UserJoined,
    ProjectCreated,
    ProjectArchived,
    TaskCreated,
    TaskAssigned,
    TaskStatusChanged,
    TaskCompleted,
    TaskOverdue,
    CommentAdded,
    UserMentioned,
    WebhookDisabled,
    MailBounced,
)

SCHEDULES: Final[tuple[Schedule, ...]] = (
    Schedule(
        name="mark_overdue_tasks",
        jobs=(MarkOverdue,),
        cron="*/15 * * * *",
        zone="UTC",
        catch_up=CatchUp.ONCE,
        overlap=Overlap.SKIP,
    ),
    Schedule(
        name="nightly_cleanup",
        jobs=(ArchiveDone, PurgeExpired),
        cron="0 3 * * *",
        zone="UTC",
        catch_up=CatchUp.ONCE,
        overlap=Overlap.SKIP,
    ),
    Schedule(
        name="weekly_digest",
        jobs=(SendDigest,),
        cron="0 8 * * MON",
        zone=None,
        catch_up=CatchUp.ONCE,
        overlap=Overlap.SKIP,
    ),
)
