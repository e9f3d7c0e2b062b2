"""What a scheduled job does: to the rows that it is for, once, to no others, in every tenant."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tospec.model import Event, Job, Schedule, System
from tospec.verify.base import Answer, Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.cases.schedules.common import ARRIVES, SETTLES, case
from tospec.verify.cases.schedules.situations import (
    Found,
    Search,
    Situation,
    holds_no_more,
    reading,
)
from tospec.verify.cases.schedules.timing import FARTHEST, PAST, next_time
from tospec.verify.cases.webhooks.desk import CREATE, Desk, Hook
from tospec.verify.hooks.received import Received
from tospec.verify.moving import TargetClock
from tospec.verify.oracle.contract import REST, told
from tospec.verify.oracle.planning import Planner
from tospec.verify.probes.judging import skipped, succeeded
from tospec.verify.scene.acting import Scene
from tospec.verify.scene.parts import Trial, play

_LOOKS: Final = 0.25
_FURTHER: Final = 2
"""How often the schedule fires again afterwards."""


@dataclass(slots=True)
class Watched:
    """A row, and as what it is told.

    Attributes:
        hook: Who hears of the job's events in its tenant; None if nobody can.
        tag: Its entity tag when it was last looked at.
    """

    scene: Scene
    situation: Situation
    tenant: int
    hook: Hook | None
    tag: str = ""

    @property
    def id(self) -> str:
        """What the target calls the row."""
        return self.scene.id_of(self.situation.plot.target)

    def look(self) -> Answer:
        """Read the row.

        Raises:
            Unavailable: If it cannot be read.
        """
        plot = self.situation.plot
        answer = self.scene.read(plot.target, plot.step.by)
        if answer is None or not succeeded(answer):
            gave = told(answer) if answer else "nothing"
            raise Unavailable(f"the row that the job is about gave {gave}")
        return answer

    def is_changed(self) -> bool:
        """Return whether it is told otherwise than when it was last kept in mind."""
        return self.look().headers.get("etag", "") != self.tag

    def keep(self) -> None:
        """Keep in mind how it is told."""
        self.tag = self.look().headers.get("etag", "")

    def told_of(self, events: Sequence[Event]) -> list[Received]:
        """Return the deliveries that tell of events about it."""
        names = {each.name for each in events}

        def tells(each: Received) -> bool:
            return each.type in names and each.data.get("id") == self.id

        return [] if self.hook is None else self.hook.inbox.those(tells)


@dataclass(frozen=True, slots=True)
class Doing:
    """One job of one schedule."""

    planner: Planner
    schedule: Schedule
    job: Job

    @property
    def system(self) -> System:
        """The system."""
        return self.planner.system

    def search(self) -> Search | None:
        """Return what finds rows; None if nobody can see what becomes of them."""
        operation = reading(self.planner, self.job)
        if operation is None or self.job.where is None or not self.system.has(REST):
            return None
        entity = self.system.entity(self.job.entity or "")
        seen = entity.optimistic and bool(self.job.updates)
        return Search(self.planner, self.job, self.job.where, operation) if seen else None

    def events(self) -> tuple[Event, ...]:
        """Return the events that it announces, of which webhooks may hear."""
        webhooks = self.system.webhooks
        heard = webhooks.events if webhooks else ()
        return tuple(self.system.event(name) for name in self.job.events if name in heard)


def does(planner: Planner, schedule: Schedule, job: Job) -> PlannedCase:
    """Return the case that a job does what it says to the rows that it is for."""
    doing = Doing(planner, schedule, job)

    def run(stage: Stage, clock: TargetClock) -> Judgement:
        search = doing.search()
        found = search.found() if search else None
        if search is None or found is None:
            return skipped("", f"Nobody can see what {job.name} does, or for which rows.")
        if found.after > FARTHEST:
            return skipped("", "The time is too far away.")
        beside = search.found(tenant=1)
        with _hooks(doing, stage) as hooks:
            rows = list(_played(stage, found, beside, hooks))
            return _judged(doing, found, rows, clock)

    rule = (
        f"{schedule.name} does {job.name} to the rows that it is for, within {ARRIVES:g} s and "
        "once, in every tenant, and to no others: "
        f"{job.where.text if job.where else 'all rows'}."
    )
    return case(schedule, f"{job.name}-rows", rule, run)


@contextmanager
def _hooks(doing: Doing, stage: Stage) -> Iterator[Sequence[Hook | None]]:
    """Let webhooks of both tenants hear of the job's events while the block runs, if any can."""
    names = [each.name for each in doing.events()]
    offered = any(each.name == CREATE for each in doing.system.operations)
    if stage.receiver is None or not names or not offered:
        yield (None, None)
        return
    desks = [Desk(stage, stage.receiver, each) for each in (0, 1)]
    try:
        yield [each.register(names) for each in desks]
    finally:
        for each in desks:
            each.clear()


def _played(
    stage: Stage, found: Found, beside: Found | None, hooks: Sequence[Hook | None]
) -> Iterator[Watched]:
    situations = [(0, found.right), *((0, each) for each in found.wrong)]
    situations += [(1, beside.right)] if beside else []
    for tenant, situation in situations:
        played = play(stage, situation.plot)
        row = Watched(played.scene, situation, tenant, hooks[tenant])
        row.keep()
        yield row


def _judged(doing: Doing, found: Found, rows: Sequence[Watched], clock: TargetClock) -> Judgement:
    trial, made = Trial("done to the rows that it is for, and to no others"), clock.now()
    if found.not_yet is not None:
        _too_early(trial, doing, rows, clock, made + found.not_yet, made + found.after)
    clock.advance(_time(doing, made + found.after) + PAST)
    _await(rows)
    time.sleep(SETTLES)
    for row in rows:
        _judge(trial, doing, row)
    for _ in range(_FURTHER if _is_once(doing.job, rows) else 0):
        _again(trial, doing, rows, clock)
    return trial.judgement()


def _time(doing: Doing, after: datetime) -> datetime:
    return next_time(doing.schedule, after)


def _too_early(
    trial: Trial,
    doing: Doing,
    rows: Sequence[Watched],
    clock: TargetClock,
    early: datetime,
    due: datetime,
) -> None:
    """Let the schedule fire when the job is not yet for any of the rows."""
    instant = _time(doing, early)
    if instant >= due - timedelta(minutes=5):
        return
    clock.advance(instant + PAST)
    time.sleep(2 * SETTLES)
    for row in rows:
        if row.situation.wanted:
            changed = row.is_changed()
            trial.need("not before it is for the row", holds=not changed, got="the row is changed")


def _await(rows: Sequence[Watched]) -> None:
    end = time.monotonic() + ARRIVES
    waiting = [row for row in rows if row.situation.wanted]
    while waiting and time.monotonic() < end:
        time.sleep(_LOOKS)
        waiting = [row for row in waiting if not row.is_changed()]


def _judge(trial: Trial, doing: Doing, row: Watched) -> None:
    """Note whether the job was done to a row just if it is for it."""
    where, events = f"in tenant {row.tenant}", doing.events()
    wanted, changed = row.situation.wanted, row.is_changed()
    many = len({each.id for each in row.told_of(events)})
    heard = row.hook is not None and bool(events)
    if wanted:
        got = f"the row is as before after {ARRIVES:g} s"
        trial.need(f"a row that it is for, {where}", holds=changed, got=got)
        fits = not heard or many == len(events)
        trial.need(f"its events, {where}", holds=fits, got=f"{many} of them")
        row.keep()
        return
    trial.need(f"a row that it is not for, {where}", holds=not changed, got="it is changed")
    trial.need(f"no events, {where}", holds=not many, got=f"{many} of them")


def _is_once(job: Job, rows: Sequence[Watched]) -> bool:
    """Return whether the job is no longer for rows once it was done to them."""
    found = [row for row in rows if row.situation.wanted]
    return all(
        holds_no_more(
            job, row.situation.plot.world.rows[row.situation.plot.target], row.situation.plot.world
        )
        for row in found
    )


def _again(trial: Trial, doing: Doing, rows: Sequence[Watched], clock: TargetClock) -> None:
    """Let the schedule fire again; nothing is left to be done to the rows."""
    clock.advance(_time(doing, clock.now()) + PAST)
    time.sleep(2 * SETTLES)
    for row in rows:
        if not row.situation.wanted:
            continue
        trial.need("not a second time", holds=not row.is_changed(), got="the row is changed again")
        many = len({each.id for each in row.told_of(doing.events())})
        most = len(doing.events())
        trial.need("no further event", holds=many <= most, got=f"{many} of them")
