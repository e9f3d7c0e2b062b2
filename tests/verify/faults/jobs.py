"""What is asked of other services, when it is lost, doubled, wrong, or asked too often."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_JOBS: Final = "app/jobs/outside.py"
_RUN: Final = "app/worker/run.py"
_CHANNEL: Final = "app/integrations/channel.py"
_CONNECTION: Final = "app/integrations/connection.py"
_MAIL: Final = "app/integrations/mail.py"
_TASKS: Final = "app/services/tasks.py"
_OPERATED: Final = "app/services/jobs.py"
_ASSIGNEE: Final = (
    '    name: ClassVar = "notify_assignee"\n'
    "    timeout: ClassVar = timedelta(minutes=1)\n"
    "    retry: ClassVar = Retry(attempts="
)
_ASKED: Final = (
    "                answer = await work.ask(self._outside, progress.asked, job_id=lease.id)\n"
)
_GUARD: Final = (
    "        if updated.assignee_id is not None and updated.assignee_id != task.assignee_id:\n"
)

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "jobs",
        "a call is lost, and the job is done",
        (_RUN, _ASKED, "                answer = None\n"),
        kinds="integrations",
        requirement="REQ-021",
    ),
    fault(
        "jobs",
        "every call comes twice, under other keys",
        (
            _RUN,
            _ASKED,
            f'{_ASKED}                other = __import__("uuid").uuid4()\n'
            + _ASKED.replace("lease.id", "other"),
        ),
        kinds="integrations",
        requirement="REQ-021",
    ),
    fault(
        "jobs",
        "every attempt has a key of its own",
        (
            _RUN,
            _ASKED,
            '                other = __import__("uuid").uuid4()\n'
            + _ASKED.replace("lease.id", "other"),
        ),
        kinds="integrations",
        about=("integration mail",),
        requirement="REQ-021",
    ),
    fault(
        "jobs",
        "no key is sent",
        (_CHANNEL, "        if call.keyed:\n", "        if not call:\n"),
        kinds="integrations",
        requirement="REQ-024",
    ),
    fault(
        "jobs",
        "nothing proves who asks",
        (_MAIL, "url=settings.mail_url, headers=headers)", "url=settings.mail_url, headers={})"),
        kinds="integrations",
        requirement="REQ-024",
        first=True,
    ),
    fault(
        "jobs",
        "what failed is not tried again",
        (_CONNECTION, "attempt < self._retry.attempts", "attempt < 0"),
        (
            "app/worker/queue.py",
            "    if lease.is_last or failure.is_final:\n",
            "    if lease.attempt:\n",
        ),
        kinds="integrations",
        about=("first-",),
        requirement="REQ-024",
    ),
    fault(
        "jobs",
        "what the service has no time for is tried again and again",
        (_CONNECTION, " and self._budget.spend()", ""),
        (
            _MAIL,
            "attempts=3, base=timedelta(milliseconds=200)",
            "attempts=300, base=timedelta(milliseconds=1)",
        ),
        (_MAIL, "cap=timedelta(seconds=2)", "cap=timedelta(milliseconds=20)"),
        kinds="integrations",
        about=("busy",),
        requirement="REQ-024",
    ),
    fault(
        "jobs",
        "what was refused for good is tried again",
        (
            _CHANNEL,
            "        raise RefusedError(msg)\n",
            "        raise FaultError(msg, sent=True)\n",
        ),
        kinds="integrations",
        about=("refuses",),
        requirement="REQ-024",
    ),
    fault(
        "jobs",
        "people are told what the service said",
        (
            _CHANNEL,
            '        msg = f"{self._name}.{call.name}: status {status}"\n',
            '        msg = f"{self._name}.{call.name}: status {status}: {said}"\n',
        ),
        kinds="integrations",
        about=("refuses",),
        requirement="REQ-024",
    ),
    fault(
        "jobs",
        "the author of a comment is told of it, not who is mentioned",
        (_JOBS, "self._event.user_id)", "self._event.author_id)"),
        kinds="integrations",
        about=("NotifyMentioned",),
        requirement="REQ-021",
    ),
    fault(
        "jobs",
        "the message says something else",
        (_JOBS, '"You were mentioned in a comment"', '"Somebody said something"'),
        kinds="integrations",
        about=("NotifyMentioned",),
        requirement="REQ-021",
    ),
    fault(
        "jobs",
        "whoever makes a task that is nobody's is told that it is theirs",
        (
            _TASKS,
            "        if task.assignee_id is not None:\n",
            "        if task.assignee_id is None:\n"
            '            own = __import__("copy").replace(\n'
            "                task, assignee_id=task.created_by_id\n"
            "            )\n"
            "            await self._outbox.add(TaskAssigned.of(own, before=None))\n"
            "        else:\n",
        ),
        kinds="integrations",
        about=("NotifyAssignee/when",),
        requirement="REQ-021",
    ),
    fault(
        "jobs",
        "every change of a task tells its assignee again",
        (_TASKS, _GUARD, "        if updated.assignee_id is not None:\n"),
        kinds="integrations",
        about=("NotifyAssignee",),
        requirement="REQ-021",
    ),
    fault(
        "jobs",
        "a change that is refused is told of all the same",
        (
            _TASKS,
            "        values = sent(changes)\n",
            "        values = sent(changes)\n"
            '        if values.get("assignee_id"):\n'
            '            new = __import__("copy").replace(\n'
            '                task, assignee_id=values["assignee_id"]\n'
            "            )\n"
            "            await self._outbox.add(TaskAssigned.of(new, before=task))\n",
        ),
        (_TASKS, _GUARD, "        if not updated:\n"),
        ("app/db/engine.py", "            if error is None:\n", "            if True:\n"),
        kinds="integrations webhooks",
        about=("NotifyAssignee", "TaskAssigned/refused"),
        requirement="REQ-020",
    ),
    fault(
        "jobs",
        "a job is given up too early",
        (_JOBS, f"{_ASSIGNEE}5", f"{_ASSIGNEE}2"),
        kinds="integrations",
        about=("given-up",),
        requirement="REQ-021",
    ),
    fault(
        "jobs",
        "a job is attempted too often",
        (_JOBS, f"{_ASSIGNEE}5", f"{_ASSIGNEE}6"),
        kinds="integrations",
        about=("given-up",),
        requirement="REQ-021",
    ),
    fault(
        "jobs",
        "a job waits far longer than it may before it is attempted again",
        (
            _JOBS,
            f"{_ASSIGNEE}5, base=timedelta(seconds=2)",
            f"{_ASSIGNEE}5, base=timedelta(minutes=5)",
        ),
        kinds="integrations",
        about=("given-up",),
        requirement="REQ-021",
    ),
    fault(
        "jobs",
        "a dead letter that is replayed stays dead",
        (
            _OPERATED,
            "        await self._jobs.queue_again([job_id], tenant_id=self._tenant_id)\n",
            "",
        ),
        kinds="integrations",
        about=("ReplayJob/",),
        requirement="REQ-023",
    ),
    fault(
        "jobs",
        "dead letters that are replayed together are only counted",
        (
            _OPERATED,
            "        await self._jobs.queue_again([job.id for job in dead], "
            "tenant_id=self._tenant_id)\n",
            "",
        ),
        kinds="integrations",
        about=("ReplayJobs/",),
        requirement="REQ-023",
    ),
    fault(
        "jobs",
        "a dead letter that is cancelled runs again",
        (
            _OPERATED,
            "        await self._jobs.cancel(job_id, tenant_id=self._tenant_id)\n",
            "        await self._jobs.queue_again([job_id], tenant_id=self._tenant_id)\n",
        ),
        kinds="integrations",
        about=("CancelJob/",),
        requirement="REQ-023",
    ),
    fault(
        "jobs",
        "whoever sees tasks may cancel jobs",
        ("app/commands/jobs/cancel_job.py", "import MANAGE_JOBS\n", "import Permission\n"),
        (
            "app/commands/jobs/cancel_job.py",
            "    permission: ClassVar = MANAGE_JOBS\n",
            "    permission: ClassVar = Permission.TASK_READ\n",
        ),
        kinds="integrations",
        about=("CancelJob/",),
        requirement="REQ-023",
    ),
)
