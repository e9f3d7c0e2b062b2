"""What the clock starts, when it is lost, doubled, early, or done to the wrong rows."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_SCHEDULER: Final = "app/worker/scheduler.py"
_FIRING: Final = "app/worker/firing.py"
_JOBS: Final = "app/jobs/tasks.py"
_PLAN: Final = "app/jobs/__init__.py"
_QUEUED: Final = "                    await _queue_all(transaction, schedule, time)\n"
_NEVER_TOLD: Final = "        await self._outbox.add(TaskOverdue.of(updated))\n"
_TOLD_FOR: Final = (
    "        or_(\n"
    "            tasks.c.overdue_told_for.is_(None),\n"
    "            tasks.c.overdue_told_for.is_distinct_from(tasks.c.due_at),\n"
    "        ),\n"
)
_THIRTY: Final = "tasks.c.completed_at < NOW - timedelta(days=30),"

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "schedules",
        "a schedule never fires",
        (_SCHEDULER, "            if self._next[schedule] > now:\n", "            if now:\n"),
        kinds="schedules",
        about=("MarkOverdueTasks/fires",),
        requirement="REQ-023",
    ),
    fault(
        "schedules",
        "a schedule fires twice",
        (
            _SCHEDULER,
            _QUEUED,
            _QUEUED + "                    again = time.replace(second=1)\n"
            "                    await _queue_all(transaction, schedule, again)\n",
        ),
        (_FIRING, "    if schedule.overlap is Overlap.QUEUE:\n", "    if schedule:\n"),
        kinds="schedules",
        about=("MarkOverdueTasks/fires",),
        requirement="REQ-023",
        first=True,
    ),
    fault(
        "schedules",
        "every second time is lost",
        (
            _SCHEDULER,
            _QUEUED,
            "                    if time.minute % 30:\n"
            "                        await _queue_all(transaction, schedule, time)\n",
        ),
        kinds="schedules",
        about=("MarkOverdueTasks/fires",),
        requirement="REQ-023",
    ),
    fault(
        "schedules",
        "a schedule fires early",
        (_PLAN, 'cron="*/15 * * * *"', 'cron="*/5 * * * *"'),
        kinds="schedules",
        about=("MarkOverdueTasks/fires",),
        requirement="REQ-023",
    ),
    fault(
        "schedules",
        "a schedule goes by another zone",
        (
            _PLAN,
            'cron="0 3 * * *",\n        zone="UTC"',
            'cron="0 3 * * *",\n        zone="Europe/Berlin"',
        ),
        kinds="schedules",
        about=("NightlyCleanup/fires",),
        requirement="REQ-023",
    ),
    fault(
        "schedules",
        "one of two jobs of a schedule is forgotten",
        (_PLAN, "jobs=(ArchiveDone, PurgeExpired)", "jobs=(ArchiveDone,)"),
        kinds="schedules",
        about=("NightlyCleanup/fires",),
        requirement="REQ-023",
    ),
    fault(
        "schedules",
        "jobs run in the first tenant only",
        (
            _SCHEDULER,
            "await transaction.all(_SERVED)]\n",
            "await transaction.all(_SERVED)][:1]\n",
        ),
        kinds="schedules",
        about=("MarkOverdueTasks/fires",),
        requirement="REQ-023",
    ),
    fault(
        "schedules",
        "a job finds no rows",
        (_JOBS, "        task_values.is_overdue(),\n", "        ~tasks.c.id.is_not(None),\n"),
        kinds="schedules",
        about=("MarkOverdue-rows",),
        requirement="REQ-023",
    ),
    fault(
        "schedules",
        "tasks that are not overdue are told of",
        (_JOBS, "        task_values.is_overdue(),\n", ""),
        kinds="schedules",
        about=("MarkOverdue-rows",),
        requirement="REQ-023",
    ),
    fault(
        "schedules",
        "an overdue task is told of at each time",
        (_JOBS, _TOLD_FOR, ""),
        kinds="schedules",
        about=("MarkOverdue-rows",),
        requirement="REQ-023",
    ),
    fault(
        "schedules",
        "an overdue task is not told of",
        (_JOBS, _NEVER_TOLD, ""),
        kinds="schedules",
        about=("MarkOverdue-rows",),
        requirement="REQ-020",
    ),
    fault(
        "schedules",
        "an overdue task is told of twice",
        (_JOBS, _NEVER_TOLD, _NEVER_TOLD * 2),
        kinds="schedules",
        about=("MarkOverdue-rows",),
        requirement="REQ-020",
    ),
    fault(
        "schedules",
        "what is done is put away too early",
        (_JOBS, _THIRTY, "tasks.c.completed_at < NOW - timedelta(days=20),"),
        kinds="schedules",
        about=("ArchiveDone-rows",),
        requirement="REQ-023",
    ),
    fault(
        "schedules",
        "what is done is put away a month late",
        (_JOBS, _THIRTY, "tasks.c.completed_at < NOW - timedelta(days=60),"),
        kinds="schedules",
        about=("ArchiveDone-rows",),
        requirement="REQ-023",
    ),
    fault(
        "schedules",
        "what is done is put away again each night",
        (_JOBS, "        tasks.c.archived_at.is_(None),\n", ""),
        kinds="schedules",
        about=("ArchiveDone-rows",),
        requirement="REQ-023",
    ),
)
