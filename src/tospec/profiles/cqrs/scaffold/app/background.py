"""The commands of background work: `python -m app worker`, `scheduler`, `jobs`, and so on."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from app.core.config import load_settings

if TYPE_CHECKING:
    from app.db.engine import Database
    from app.worker.worker import Duty

    type Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  # it has no other name

_STATES: Final = ("queued", "leased", "done", "dead", "cancelled")
EXIT_NOT_MIGRATED: Final = 3


def add_commands(commands: "Commands") -> None:
    """Add the commands of background work to those there are."""
    worker = commands.add_parser("worker", help="run jobs and fire schedules")
    worker.add_argument("--no-scheduler", action="store_true", help="run jobs and do nothing else")
    worker.set_defaults(run=_worker)
    scheduler = commands.add_parser("scheduler", help="fire schedules and run no job")
    scheduler.set_defaults(run=_scheduler)
    schedules = commands.add_parser("schedules", help="tell when jobs run next")
    schedules.set_defaults(run=_schedules)
    _add_jobs(_group(commands, "jobs", about="watch over the jobs of all tenants"))
    _add_dead_letters(_group(commands, "dead-letters", about="deal with jobs that were given up"))


def _add_jobs(actions: "Commands") -> None:
    listed = actions.add_parser("list", help="show the newest jobs")
    listed.add_argument("--state", choices=_STATES, help="only those in that state")
    listed.add_argument("--name", help="only those of that name")
    listed.add_argument("--limit", default=50, type=int, help="how many at the most")
    listed.set_defaults(run=_list)
    _add_for_ids(actions, "replay", _replay, about="run dead jobs again")
    _add_for_ids(actions, "cancel", _cancel, about="cancel jobs that are not done")
    for name, run, about in (
        ("pause", _pause, "let no job of a name begin"),
        ("resume", _resume, "let jobs of a name begin again"),
    ):
        action = actions.add_parser(name, help=about)
        action.add_argument("name", help="such as the list shows")
        action.set_defaults(run=run)


def _add_dead_letters(actions: "Commands") -> None:
    listed = actions.add_parser("list", help="show the newest jobs that were given up")
    listed.add_argument("--name", help="only those of that name")
    listed.add_argument("--limit", default=50, type=int, help="how many at the most")
    listed.set_defaults(run=_list, state="dead")
    replay = _add_for_some_or_all(actions, "replay", about="run them again")
    replay.set_defaults(run=_replay)
    discard = _add_for_some_or_all(actions, "discard", about="give them up for good")
    discard.add_argument("--reason", type=_reason, help="why, for the audit trail")
    discard.set_defaults(run=_discard)


def _add_for_some_or_all(actions: "Commands", name: str, *, about: str) -> argparse.ArgumentParser:
    action = actions.add_parser(name, help=about)
    which = action.add_mutually_exclusive_group(required=True)
    which.add_argument("ids", nargs="*", default=[], type=UUID, metavar="ID", help="which ones")
    which.add_argument("--all", action="store_true", help="all of them")
    return action


def _reason(text: str) -> str:
    """Return a reason as the API takes it too."""
    from app.schemas.jobs import MAX_REASON  # noqa: PLC0415  # as above

    if not 1 <= len(text) <= MAX_REASON:
        message = f"a reason has 1 to {MAX_REASON} characters"
        raise argparse.ArgumentTypeError(message)
    return text


def _add_for_ids(
    actions: "Commands", name: str, run: Callable[[argparse.Namespace], int], *, about: str
) -> None:
    action = actions.add_parser(name, help=about)
    action.add_argument("ids", nargs="+", type=UUID, metavar="ID", help="which ones")
    action.set_defaults(run=run, all=False)


def _group(commands: "Commands", name: str, *, about: str) -> "Commands":
    group = commands.add_parser(name, help=about)
    return group.add_subparsers(required=True, metavar="action")


def _worker(options: argparse.Namespace) -> int:
    from app.worker.worker import Duty  # noqa: PLC0415  # other commands start without a worker

    return _work(Duty.JOBS if options.no_scheduler else Duty.ALL)


def _scheduler(_: argparse.Namespace) -> int:
    from app.worker.worker import Duty  # noqa: PLC0415  # as above

    return _work(Duty.QUEUE)


def _work(duties: "Duty") -> int:
    settings = load_settings()
    import uvloop  # noqa: PLC0415  # as above
    from prometheus_client import start_http_server  # noqa: PLC0415  # as above

    from app.core.logging import configure_logging  # noqa: PLC0415  # as above
    from app.core.moved_clock import clock_of  # noqa: PLC0415  # as above
    from app.db.migration import head_revision  # noqa: PLC0415  # as above
    from app.main import create_database, create_worker  # noqa: PLC0415  # as above

    expected = head_revision()

    async def work() -> int:
        database = create_database(settings, clock_of(settings))
        try:
            if await database.migration_revision() != expected:
                sys.stderr.write("The database is not migrated to this version.\n")
                return EXIT_NOT_MIGRATED
            worker = create_worker(settings, database)
            stop_at_signal(worker.stop)
            await worker.run(duties)
        finally:
            await database.close()
        return 0

    _, writer = configure_logging(settings.log_level)
    if settings.metrics_port is not None:
        start_http_server(settings.metrics_port)
    try:
        return asyncio.run(work(), loop_factory=uvloop.new_event_loop)
    finally:
        writer.close()


def stop_at_signal(stop: Callable[[], None]) -> None:
    """Let the first signal stop the worker, and a second one end the process at once."""
    loop = asyncio.get_running_loop()

    def stop_once(number: int) -> None:
        loop.remove_signal_handler(number)
        signal.signal(number, signal.SIG_DFL)
        stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop_once, number)


def _schedules(_: argparse.Namespace) -> int:
    from app.core.moved_clock import clock_of  # noqa: PLC0415  # as above
    from app.core.zones import UTC_NAME  # noqa: PLC0415  # as above
    from app.jobs import SCHEDULES  # noqa: PLC0415  # as above
    from app.worker.schedule import upcoming  # noqa: PLC0415  # as above

    for each in upcoming(SCHEDULES, clock_of(load_settings()).now(), UTC_NAME):
        _write(f"{each.name}  {each.cron}  {each.zone}  {', '.join(each.jobs)}")
        for time in each.next_runs:
            _write(f"  {time.isoformat()}")
    return 0


def _list(options: argparse.Namespace) -> int:
    from app.models.job import JobState  # noqa: PLC0415  # as above
    from app.worker.office import listed, paused  # noqa: PLC0415  # as above

    async def told(database: "Database") -> None:
        state = JobState(options.state) if options.state else None
        rows = await listed(database, state=state, name=options.name, limit=options.limit)
        for row in rows:
            _write(f"{row.id}  {row.name}  {row.state}  {row.attempt}  {row.tenant_id}")
            _write_all(f"  {_told(each)}" for each in row.history)
        for name, since in (await paused(database)).items():
            _write(f"{name} is paused since {since.isoformat(timespec='seconds')}.")

    return _with_database(told)


def _told(entry: dict[str, Any]) -> str:
    """Return what became of an attempt, as a line."""
    error = f": {entry['error']}" if entry["error"] else ""
    return f"attempt {entry['attempt']} at {entry['at']}: {entry['reason']}{error}"


def _replay(options: argparse.Namespace) -> int:
    from app.worker import office  # noqa: PLC0415  # as above

    async def replay(database: "Database") -> None:
        done = await office.replay(database, None if options.all else options.ids)
        _write(f"{done} jobs run again.")

    return _with_database(replay)


def _discard(options: argparse.Namespace) -> int:
    from app.worker import office  # noqa: PLC0415  # as above

    async def discard(database: "Database") -> None:
        ids = None if options.all else options.ids
        done = await office.discard(database, ids, options.reason)
        _write(f"{done} jobs given up for good.")

    return _with_database(discard)


def _cancel(options: argparse.Namespace) -> int:
    from app.worker.office import cancel  # noqa: PLC0415  # as above

    async def cancelled(database: "Database") -> None:
        _write(f"{await cancel(database, options.ids)} jobs cancelled.")

    return _with_database(cancelled)


def _pause(options: argparse.Namespace) -> int:
    from app.worker.office import pause  # noqa: PLC0415  # as above

    return _with_database(lambda database: pause(database, options.name))


def _resume(options: argparse.Namespace) -> int:
    from app.worker.office import resume  # noqa: PLC0415  # as above

    return _with_database(lambda database: resume(database, options.name))


def _with_database(do: "Callable[[Database], Awaitable[None]]") -> int:
    settings = load_settings()
    from app.core.moved_clock import clock_of  # noqa: PLC0415  # as above
    from app.main import create_database  # noqa: PLC0415  # as above

    async def done() -> None:
        database = create_database(settings, clock_of(settings))
        try:
            await do(database)
        finally:
            await database.close()

    asyncio.run(done())
    return 0


def _write_all(lines: Iterable[str]) -> None:
    for line in lines:
        _write(line)


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
