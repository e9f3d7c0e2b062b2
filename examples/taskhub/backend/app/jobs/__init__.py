"""Jobs, one module for the rows of each entity, and when they run."""

from typing import Final

from app.jobs.purges import PurgeExpired
from app.jobs.tasks import ArchiveDone, MarkOverdue
from app.worker.schedule import CatchUp, Overlap, Schedule
from app.worker.work import Work

JOBS: Final[tuple[type[Work], ...]] = (MarkOverdue, ArchiveDone, PurgeExpired)

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
)
