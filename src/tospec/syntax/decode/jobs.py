"""Background work: jobs, schedules, and who operates them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from tospec.model import (
    TENANT_ZONE,
    Ask,
    Emit,
    Event,
    Job,
    JobOperator,
    Purge,
    Retry,
    Schedule,
    Update,
)
from tospec.syntax import codes
from tospec.syntax.conventions import jobs_1
from tospec.syntax.cron import cron_faults, zones
from tospec.syntax.decode.chains import links_of
from tospec.syntax.decode.custom import decode_step
from tospec.syntax.decode.environment import Environment
from tospec.syntax.decode.event_jobs import (
    after_event,
    check_event_paths,
    event_type,
    events_of,
)
from tospec.syntax.decode.integrations import decode_ask
from tospec.syntax.decode.relations import USER
from tospec.syntax.keys import Keys, Word
from tospec.syntax.names import BUILT_IN_ENTITIES
from tospec.syntax.parts import Part
from tospec.syntax.problems import Problems
from tospec.syntax.scope import RowScope

_OF_ROWS: Final = ("update", "emit")
_OF_JOBS: Final = ("timeout", "retry", "priority")
_OF_SCHEDULES: Final = ("zone", "catch_up", "overlap")


def decode_jobs(
    parts: Iterable[Part], events: Iterable[Event], environment: Environment
) -> Iterator[Job]:
    """Yield the jobs of the spec; jobs-1 fills in time limits and retries."""
    by_name = {event.name: event for event in events}
    parts = tuple(parts)
    links = links_of(parts, environment)
    for part in parts:
        keys, entity = part.keys, _entity(part.keys, environment)
        link = links.get(part.name.text)
        _check_steps(part, environment, follows=link is not None)
        scope = RowScope(environment.types, entity or "", is_asked=False)
        on, when = events_of(link.events if link else keys.word_or_words("on"), environment), None
        if on:
            result = link.result if link else None
            scope = replace(scope, event=event_type(on, by_name, environment), result=result)
            scope, when = after_event(keys, scope, environment)
        job = Job(
            name=part.name.text,
            entity=entity,
            where=environment.condition(keys, "where", scope) if entity else None,
            on=on,
            when=when,
            steps=tuple(_steps(keys, scope, environment)),
            timeout=keys.seconds("timeout") or jobs_1.TIMEOUT,
            retry=_retry(keys, environment),
            priority=keys.text("priority") or jobs_1.PRIORITY,
            given=tuple(key for key in _OF_JOBS if key in keys),
            requirements=part.requirements,
            span=part.name.span,
            description=keys.text("description"),
            then=keys.text("then") or None,
            follows=link.before if link else None,
        )
        check_event_paths(job.expressions, scope, environment)
        yield job


def _entity(keys: Keys, environment: Environment) -> str | None:
    each = keys.word("for_each")
    if each is None:
        return None
    environment.names.resolve(codes.UNKNOWN_ENTITY, each, environment.names.entities)
    asks = any("call" in step for step in keys.records("do"))
    if each.text in BUILT_IN_ENTITIES and not (asks and each.text == USER):
        message = f"A job changes rows of an entity of the spec; '{each.text}' is none."
        help_ = "Of people, a job may only ask another service: `call`."
        environment.problems.add(codes.WRONG_ENTITY, each.span, message, help_)
        return None
    return each.text if each.text in environment.skeletons else None


def _check_steps(part: Part, environment: Environment, *, follows: bool) -> None:
    """Report steps that need rows where there are none, and the other way round."""
    keys, problems = part.keys, environment.problems
    hears = "on" in keys or follows
    for step in keys.records("do"):
        if hears and "purge" in step:
            message, help_ = "What has expired is no matter of an event.", "Start it by a schedule."
            problems.add(codes.MISPLACED_KEY, step.key_place("purge"), message, help_)
            continue
        wanted = "purge" if "for_each" in keys else next((k for k in _OF_ROWS if k in step), None)
        if wanted and wanted in step:
            purges = wanted == "purge"
            message = f"A job {'for rows' if purges else 'without rows'} has no '{wanted}'."
            help_ = "Write a job of its own for it." if purges else "Say which rows: `for_each`."
            problems.add(codes.MISPLACED_KEY, step.key_place(wanted), message, help_)
        if "call" in step:
            _check_call(step, keys, problems, hears=hears)
    if "when" in keys and not hears:
        message, help_ = "Nothing says what must have happened.", "Say which event: `on`."
        problems.add(codes.MISPLACED_KEY, keys.key_place("when"), message, help_)
    if "where" in keys and "for_each" not in keys:
        message, help_ = "Nothing says of which entity the rows are.", "Say so: `for_each`."
        problems.add(codes.MISPLACED_KEY, keys.key_place("where"), message, help_)


def _check_call(step: Keys, keys: Keys, problems: Problems, *, hears: bool) -> None:
    """Report a call beside what is done to rows: either could come to pass without the other."""
    place = step.key_place("call")
    if "for_each" in keys and hears:
        message = "A job that an event starts asks once, and not about each of many rows."
        help_ = "Announce an event for each row, and call in a job that begins `on` it."
        problems.add(codes.MISPLACED_KEY, place, message, help_)
    elif len(keys.records("do")) > 1:
        message = "A job that asks another service does nothing else."
        problems.add(codes.MISPLACED_KEY, place, message, "Write a job of its own for it.")


def _steps(
    keys: Keys, scope: RowScope, environment: Environment
) -> Iterator[Update | Emit | Purge | Ask]:
    for step in keys.records("do"):
        what = step.word("purge")
        changes = decode_step(step, scope, environment) if scope.entity else None
        found = changes or decode_ask(step, scope, environment)
        if what:
            yield Purge(what=what.text, span=what.span)
        elif found:
            yield found


def _retry(keys: Keys, environment: Environment) -> Retry:
    retry = keys.record("retry")
    if retry is None:
        return jobs_1.RETRY
    attempts, base, cap = retry.whole("attempts"), retry.seconds("base"), retry.seconds("cap")
    for key in ("base", "cap"):
        _check_wait(retry, key, attempts, environment)
    if base and cap and base > cap:
        message = "No wait is longer than the cap, and the first may be as long as the base."
        environment.problems.add(codes.BAD_RANGE, retry.place("cap"), message)
    return Retry(attempts=attempts or 1, base=base or 0, cap=cap or 0)


def _check_wait(retry: Keys, key: str, attempts: int | None, environment: Environment) -> None:
    """Report a wait that is missing, or that no attempt follows."""
    problems = environment.problems
    if attempts == 1 and key in retry:
        message, help_ = "Nothing is waited for after the only attempt.", "Leave it out."
        problems.add(codes.MISPLACED_KEY, retry.key_place(key), message, help_)
    elif attempts and attempts > 1 and key not in retry:
        message = f"The retry has no '{key}'."
        problems.add(codes.MISSING_KEY, retry.span, message, "{attempts: 5, base: 2s, cap: 10m}")


def decode_schedules(
    parts: Iterable[Part], jobs: Iterable[Job], environment: Environment
) -> Iterator[Schedule]:
    """Yield the schedules of the spec; jobs-1 fills in zones and what follows a missed firing."""
    started = {job.name: job for job in jobs if job.on}
    for part in parts:
        keys = part.keys
        runs = keys.word_or_words("run")
        for job in runs:
            environment.names.resolve(codes.UNKNOWN_JOB, job, environment.names.jobs)
            _check_starter(job, started.get(job.text), environment)
        _check_cron(keys, environment)
        _check_zone(keys.word("zone"), environment)
        yield Schedule(
            name=part.name.text,
            run=tuple(job.text for job in runs),
            cron=" ".join(keys.text("cron").split()),
            zone=keys.text("zone") or jobs_1.ZONE,
            catch_up=keys.text("catch_up") or jobs_1.CATCH_UP,
            overlap=keys.text("overlap") or jobs_1.OVERLAP,
            given=tuple(key for key in _OF_SCHEDULES if key in keys),
            requirements=part.requirements,
            span=part.name.span,
            description=keys.text("description"),
        )


def _check_starter(word: Word, job: Job | None, environment: Environment) -> None:
    """Report a job that events start."""
    if job:
        message = (
            f"'{job.name}' is started by {' and '.join(job.on)}, of which a schedule knows none."
        )
        help_ = "Write a job of its own for the schedule, or leave out its `on`."
        related = ((job.span, "It says `on`."),)
        environment.problems.add(codes.MISPLACED_KEY, word.span, message, help_, related)


def _check_cron(keys: Keys, environment: Environment) -> None:
    cron = keys.scalar("cron")
    if cron is None or not isinstance(cron.value, str):
        return
    for wrong in cron_faults(cron.text):
        place = cron.within(wrong.offset, wrong.length)
        environment.problems.add(wrong.code, place, wrong.message, wrong.help)


def _check_zone(zone: Word | None, environment: Environment) -> None:
    if zone and zone.text != TENANT_ZONE and zone.text not in zones():
        environment.problems.unknown(codes.UNKNOWN_ZONE, zone.span, "time zone", zone.text, zones())


def decode_operator(part: Part | None, environment: Environment) -> JobOperator | None:
    """Return who operates the jobs; jobs-1 fills in how long rows are kept."""
    manage = environment.permission(part.keys, "manage") if part else None
    if part is None or manage is None:
        return None
    return JobOperator(
        manage=manage,
        watch=(environment.permission(part.keys, "watch") if "watch" in part.keys else None)
        or manage,
        keep=part.keys.seconds("keep") or jobs_1.KEEP,
        given="keep" in part.keys,
        requirements=part.requirements,
        span=part.name.span,
    )
