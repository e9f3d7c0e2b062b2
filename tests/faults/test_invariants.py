"""Each judge is content with a run that went well, and sees what breaks its invariant."""

from dataclasses import replace

import pytest

from tests.faults.found import Found, Health, Key, QueuedJob, Task, Trace
from tests.faults.history import History, Operation, Window
from tests.faults.inbox import Call
from tests.faults.invariants import JUDGES, breaches

TASK = Task(id="t", tenant="x", project="p", number=1, status="in_progress", version=2)
CREATED = Trace(id="1", tenant="x", entity="t", what="task.create", after="todo")
STARTED = Trace(
    id="2", tenant="x", entity="t", what="task.start", before="todo", after="in_progress"
)
TOLD = (
    replace(CREATED, id="e1", what="TaskCreated"),
    replace(CREATED, id="e2", what="TaskAssigned", after=None),
    replace(STARTED, id="e3", what="TaskStatusChanged"),
)
JOB = QueuedJob(id="j", tenant="x", name="notify_assignee", event="e2", state="done")
MAIL = Call(at=1.0, key="j", to="a@example.com", subject="Yours", status=200)
WELL = Found(
    tasks=(TASK,),
    entries=(CREATED, STARTED),
    events=TOLD,
    keys=(Key(tenant="x", key="k", status=201, task="t"),),
    jobs=(JOB,),
    calls=(MAIL,),
    lines=(("r-1", "x"),),
    before=Health(sessions=3, files={"api-1": 20}, memory={"api-1": 10**8}),
    after=Health(sessions=3, files={"api-1": 21}, memory={"api-1": 10**8}),
)
CREATE = Operation(
    kind="create",
    begun=1.0,
    ended=1.1,
    tenant="x",
    request_id="r-1",
    key="k",
    task="t",
    status=201,
    version=1,
)
START = replace(CREATE, kind="start", request_id="r-2", key=None, status=200, version=2)
OTHER = replace(TASK, id="u", number=2)
REFUSED = replace(CREATE, begun=5.0, ended=5.1, task=None, status=503, retry_after=True)
DURING = (Window(4.0, 6.0),)


def history(*operations: Operation, windows: tuple[Window, ...] = ()) -> History:
    return History(operations=[CREATE, START, *operations], windows=[*windows])


def test_a_run_that_went_well_breaks_nothing() -> None:
    assert breaches(history(), WELL) == {}
    assert breaches(history(REFUSED, windows=DURING), WELL) == {}
    assert [*JUDGES] == [f"I{number}" for number in range(1, 10)]


@pytest.mark.parametrize(
    ("invariant", "found"),
    [
        ("I1", replace(WELL, tasks=())),
        ("I1", replace(WELL, tasks=(replace(TASK, version=1),))),
        ("I1", replace(WELL, entries=(CREATED,))),
        ("I2", replace(WELL, events=TOLD[1:])),
        ("I2", replace(WELL, keys=())),
        ("I2", replace(WELL, events=TOLD[:2])),
        ("I2", replace(WELL, tasks=(replace(TASK, number=2),))),
        ("I3", replace(WELL, jobs=(JOB, replace(JOB, id="j2")))),
        ("I3", replace(WELL, calls=(MAIL, replace(MAIL, key="nobody's")))),
        ("I3", replace(WELL, calls=(replace(MAIL, status=503),))),
        ("I4", replace(WELL, events=(*TOLD, replace(TOLD[2], id="e4")))),
        ("I5", replace(WELL, entries=(CREATED, replace(STARTED, after="done")))),
        ("I5", replace(WELL, tasks=(replace(TASK, status="cancelled"),))),
        ("I6", replace(WELL, entries=(CREATED, replace(STARTED, tenant="y")))),
        ("I6", replace(WELL, jobs=(replace(JOB, tenant="y"),))),
        ("I6", replace(WELL, lines=(("r-1", "y"),))),
        ("I7", replace(WELL, events=(*TOLD[:2], replace(TOLD[2], is_pending=True)))),
        ("I7", replace(WELL, jobs=())),
        ("I7", replace(WELL, jobs=(replace(JOB, is_overdue=True),))),
        ("I9", replace(WELL, after=Health(idle_in_transaction=1))),
        ("I9", replace(WELL, after=Health(advisory_locks=1))),
        ("I9", replace(WELL, after=Health(orphans=(7,)))),
        ("I9", replace(WELL, after=Health(files={"api-1": 60}))),
        ("I9", replace(WELL, after=Health(memory={"api-1": 2 * 10**8}))),
        ("I9", replace(WELL, errors=("internal error",))),
    ],
)
def test_what_was_left_breaks_an_invariant(invariant: str, found: Found) -> None:
    assert invariant in breaches(history(), found)


@pytest.mark.parametrize(
    ("invariant", "operation"),
    [
        ("I3", replace(CREATE, task="u")),
        ("I5", replace(START, request_id="r-3")),
        ("I6", replace(CREATE, tenant="y", kind="read")),
        ("I8", replace(REFUSED, begun=7.0, ended=7.1)),
        ("I8", replace(REFUSED, status=500)),
        ("I8", replace(REFUSED, status=None)),
        ("I8", replace(REFUSED, retry_after=False)),
    ],
)
def test_what_clients_saw_breaks_an_invariant(invariant: str, operation: Operation) -> None:
    found = replace(WELL, tasks=(TASK, OTHER)) if operation.task == "u" else WELL
    assert invariant in breaches(history(operation, windows=DURING), found)


def test_connections_may_break_while_what_serves_is_ended() -> None:
    broken = replace(REFUSED, status=None)
    windows = (Window(4.0, 6.0, may_break=True),)
    assert breaches(history(broken, windows=windows), WELL) == {}
