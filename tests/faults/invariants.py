"""What must hold of every run, whatever was done to it: judged from history and what was left.

Each judge tells every breach as a line; none is how it should be.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from tests.faults.found import Found, Health, Trace
from tests.faults.history import History, Operation, Window

type Judge = Callable[[History, Found], Iterator[str]]

ROOM: Final = 1.1
"""By how much processes may have grown."""
_FLOOR_FILES: Final = 8
_FLOOR_MEMORY: Final = 32 * 1024 * 1024
_MOVES: Final = {
    "start": ("todo", "in_progress"),
    "submit": ("in_progress", "in_review"),
    "complete": ("in_review", "done"),
    "reopen": ("done", "todo"),
}
_PATHS: Final = frozenset(
    {
        *_MOVES.values(),
        ("cancelled", "todo"),
        *((each, "cancelled") for each in ("todo", "in_progress", "in_review")),
    }
)
_ENTRY: Final = {
    **{"create": "task.create", "start": "task.start", "cancel": "task.cancel"},
    "rename": "task.update",
}
_DECLARED: Final = frozenset({503, 504})


def durability(history: History, found: Found) -> Iterator[str]:
    """I1: each write that was acknowledged is there."""
    tasks = {each.id: each for each in found.tasks}
    entries = Counter((each.entity, each.what) for each in found.entries)
    done: Counter[tuple[str, str]] = Counter()
    for each in _acknowledged(history):
        task = tasks.get(each.task or "")
        if task is None:
            yield f"{each.kind} {each.task}: acknowledged, and the task is gone"
            continue
        if each.version is not None and task.version < each.version:
            yield f"{each.kind} {each.task}: version {each.version} told, {task.version} kept"
        if not each.replayed:
            done[each.task or "", _ENTRY[each.kind]] += 1
    for (entity, what), number in done.items():
        if entries[entity, what] < number:
            yield f"{what} {entity}: {number} acknowledged, {entries[entity, what]} recorded"


def atomicity(history: History, found: Found) -> Iterator[str]:
    """I2: a task, its entry, its events and the record of its key are there together, or none."""
    tasks = {each.id: each for each in found.tasks}
    made = Counter(each.entity for each in found.entries if each.what == "task.create")
    told = Counter(each.entity for each in found.events if each.what == "TaskCreated")
    kept = Counter(each.task for each in found.keys if each.task in tasks)
    asked = {each.key for each in history.operations if each.key}
    for each in tasks:
        counts = (made[each], told[each], kept[each])
        if counts != (1, 1, 1):
            yield f"task {each}: entries, events and keys: {counts}"
    for entity in (made.keys() | told.keys()) - tasks.keys():
        yield f"task {entity}: told of, and not there"
    for key in found.keys:
        if key.status < 300 and key.key in asked and key.task not in tasks:
            yield f"key {key.key}: answered {key.status}, and its task is not there"
    yield from _unmatched(found)
    yield from _gaps(found)


def _unmatched(found: Found) -> Iterator[str]:
    """Yield moves that have an entry and no event, or the other way round."""
    entries = Counter(
        (each.entity, each.before, each.after)
        for each in found.entries
        if each.after and each.before and each.after != each.before
    )
    events = Counter(
        (each.entity, each.before, each.after)
        for each in found.events
        if each.what == "TaskStatusChanged" and each.before and each.after
    )
    for move in {*entries, *events}:
        if entries[move] != events[move]:
            yield f"move {move}: {entries[move]} entries, {events[move]} events"


def _gaps(found: Found) -> Iterator[str]:
    """Yield projects whose tasks are not numbered from 1 without a gap."""
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for task in found.tasks:
        numbers[task.project].append(task.number)
    for project, given in numbers.items():
        if sorted(given) != list(range(1, len(given) + 1)):
            yield f"project {project}: tasks have the numbers {sorted(given)}"


def exactly_once(history: History, found: Found) -> Iterator[str]:
    """I3: each event starts a job once, each key makes one task, each mail has one key."""
    starts = Counter((each.name, each.event) for each in found.jobs if each.event)
    for (name, event), count in starts.items():
        if count > 1:
            yield f"{name}: {count} jobs of event {event}"
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for each in history.operations:
        if each.key and each.is_acknowledged and each.task:
            keys[each.key].add(each.task)
    yield from (f"key {key}: made {len(ids)} tasks" for key, ids in keys.items() if len(ids) > 1)
    mailed = {call.key for call in found.calls}
    known = {each.id for each in found.jobs}
    yield from (f"mail {key}: of no job" for key in sorted(mailed - known))
    asking = [each for each in found.jobs if each.name == "notify_assignee"]
    accepted = {call.key for call in found.calls if call.status == 200}
    for job in asking:
        if job.state == "done" and job.id not in accepted and found.calls:
            yield f"job {job.id}: done, and no mail was accepted"


def order(_: History, found: Found) -> Iterator[str]:
    """I4: events of a task tell of its moves in the order in which they were made."""
    yield from _broken(found.events, "TaskStatusChanged")


def machine(history: History, found: Found) -> Iterator[str]:
    """I5: what became of a task is a path of its lifecycle, and each version has one winner."""
    for each in found.entries:
        is_move = each.before is not None and each.after is not None
        if is_move and (each.before, each.after) not in _PATHS:
            yield f"{each.what} {each.entity}: from {each.before} to {each.after}"
    last: dict[str, str | None] = {}
    for each in found.entries:
        last[each.entity] = each.after or last.get(each.entity)
    for task in found.tasks:
        if task.id in last and last[task.id] != task.status:
            yield f"task {task.id}: is {task.status}, was last made {last[task.id]}"
    winners = Counter(
        (each.task, each.version) for each in _acknowledged(history) if not each.replayed
    )
    for (id_, version), count in winners.items():
        if count > 1 and version is not None:
            yield f"task {id_}: {count} changes made version {version}"


def isolation(history: History, found: Found) -> Iterator[str]:
    """I6: no row, event, job or line of a log mixes tenants."""
    owners = {each.id: each.tenant for each in found.tasks}
    events = {each.id: each.tenant for each in found.events}
    for trace in (*found.entries, *found.events):
        if owners.get(trace.entity, trace.tenant) != trace.tenant:
            yield f"{trace.what} {trace.entity}: of another tenant"
    for job in found.jobs:
        if events.get(job.event or "", job.tenant) != job.tenant:
            yield f"job {job.id}: of another tenant than its event"
    for each in history.operations:
        if each.task in owners and owners[each.task] != each.tenant and each.is_acknowledged:
            yield f"{each.kind} {each.task}: served to another tenant"
    asked = {each.request_id: each.tenant for each in history.operations}
    for request, tenant in found.lines:
        if asked.get(request, tenant) != tenant:
            yield f"request {request}: its log names tenant {tenant}"


def conservation(_: History, found: Found) -> Iterator[str]:
    """I7: what was produced is done, waits or is dead; nothing is forgotten in between."""
    heard = {each.event for each in found.jobs}
    for event in found.events:
        if event.is_pending:
            yield f"event {event.id}: not relayed"
        elif event.what == "TaskAssigned" and event.id not in heard:
            yield f"event {event.id}: relayed, and no job hears of it"
    for job in found.jobs:
        if job.is_overdue:
            yield f"job {job.id}: its lease has ended, and nobody has noticed"


def availability(history: History, _: Found) -> Iterator[str]:
    """I8: outside of faults all is served; inside, only what is declared is refused."""
    for each in history.operations:
        if not each.is_refused_by_fault:
            continue
        inside = [one for one in history.windows if _touches(one, each)]
        told = f"{each.kind} at {each.begun:.2f} s: {each.status or 'no answer'}"
        if not inside:
            yield f"{told}, and nothing was wrong"
        elif each.status is None and not any(one.may_break for one in inside):
            yield f"{told}, though whoever serves was there"
        elif each.status is not None and each.status not in _DECLARED:
            yield f"{told}, which is not declared"
        elif each.status == 503 and not each.retry_after:
            yield f"{told}, without saying when to come again"


def hygiene(_: History, found: Found) -> Iterator[str]:
    """I9: nothing is left open, held or running."""
    before, after = found.before, found.after
    if after.idle_in_transaction:
        yield f"{after.idle_in_transaction} sessions are idle in a transaction"
    if after.advisory_locks:
        yield f"{after.advisory_locks} advisory locks are held"
    if after.orphans:
        yield f"processes without their parents: {list(after.orphans)}"
    yield from _grown(before, after)
    yield from (f"a log tells of a defect: {each}" for each in sorted(set(found.errors)))


def _grown(before: Health, after: Health) -> Iterator[str]:
    kinds = (
        ("files", before.files, after.files, _FLOOR_FILES),
        ("bytes", before.memory, after.memory, _FLOOR_MEMORY),
    )
    for what, was, is_now, floor in kinds:
        for name in was.keys() & is_now.keys():
            if is_now[name] > max(was[name] * ROOM, was[name] + floor):
                yield f"{name}: {was[name]} {what} before, {is_now[name]} after"


JUDGES: Final[Mapping[str, Judge]] = {
    "I1": durability,
    "I2": atomicity,
    "I3": exactly_once,
    "I4": order,
    "I5": machine,
    "I6": isolation,
    "I7": conservation,
    "I8": availability,
    "I9": hygiene,
}


def breaches(history: History, found: Found) -> dict[str, list[str]]:
    """Return every breach, by the invariant that it breaks."""
    judged = {name: list(judge(history, found)) for name, judge in JUDGES.items()}
    return {name: lines for name, lines in judged.items() if lines}


def _acknowledged(history: History) -> Iterator[Operation]:
    writes = (each for each in history.operations if each.is_write)
    return (each for each in writes if each.is_acknowledged and each.task)


def _touches(window: Window, operation: Operation) -> bool:
    return operation.ended >= window.begin and operation.begun <= window.end


def _broken(traces: Iterable[Trace], what: str) -> Iterator[str]:
    """Yield where one move does not begin with what the one before has led to."""
    last: dict[str, str | None] = {}
    for each in (one for one in traces if one.what == what):
        if each.entity in last and last[each.entity] != each.before:
            yield f"{what} {each.entity}: from {each.before} after {last[each.entity]}"
        last[each.entity] = each.after
