"""Jobs and schedules as classes of work, and the times at which it starts."""

import ast

import pytest

from tests.lowering.specs import entity, reading_of, system_of
from tests.lowering.test_clashing import twice
from tospec.ir.jobs import PurgeJob, RowJob
from tospec.lowering.backend import backend_of
from tospec.lowering.capability import unbuildable
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.profiles.cqrs.profile import PROFILE

ORDER = entity("""
entity: Order
fields:
  name: {type: string, length: [1, 50]}
  told_at: {type: timestamp, optional: true, managed: true}
audit: true
policy: {visible: "true"}
rules:
  - {on: [update], that: "name != ''", else: BAD}
""")
EVENTS = """
```yaml tospec
events:
  OrderStale: {of: Order, payload: [id, before.told_at]}
```
"""
STALE = """
```yaml tospec
job: MarkStale
for_each: Order
where: "told_at == null && created_at < now() - settings.window"
do:
  - update: order
    set: {told_at: "now() + settings.window"}
  - emit: OrderStale
timeout: 90s
retry: {attempts: 1}
```
"""
TELL = """
```yaml tospec
job: TellAll
for_each: Order
do:
  - emit: OrderStale
```
"""
PURGE = """
```yaml tospec
job: PurgeSessions
do:
  - purge: sessions
```
"""
NIGHTLY = """
```yaml tospec
schedule: Nightly
run: [{}]
cron: "0  3 * *   MON-FRI"
zone: Europe/Berlin
```
"""
OPERATED = """
```yaml tospec
jobs: queue
manage: "all:write"
keep: 7d
```
"""
ALL = (ORDER, EVENTS, STALE, TELL, PURGE, NIGHTLY.format("TellAll, PurgeSessions"), OPERATED)
NAMES = (
    "Batch",
    "Cache",
    "Final",
    "MarkStale",
    "Now",
    "Order",
    "Overlap",
    "Purge",
    "Retry",
    "Work",
)


def files(*parts: str) -> dict[str, str]:
    backend = backend_of(system_of(*parts), CqrsPlaces())
    return {file.path: file.text for file in PROFILE.render(backend)}


def test_a_job_is_lowered_with_what_its_convention_says() -> None:
    logic = backend_of(system_of(*ALL), CqrsPlaces()).logic
    stale, tell, purge = logic.jobs

    assert isinstance(stale, RowJob)
    assert (stale.name, stale.timeout, stale.retry.attempts) == ("mark_stale", 90, 1)
    assert stale.where is not None
    assert stale.where.uses_settings
    assert [fault.type for fault in stale.faults] == ["BadError"]
    assert isinstance(tell, RowJob)
    assert (tell.where, tell.values, tell.rules, tell.faults) == (None, None, None, ())
    assert (tell.timeout, tell.retry.attempts, tell.retry.base, tell.retry.cap) == (60, 5, 2, 600)
    assert isinstance(purge, PurgeJob)
    assert purge.purged == ("sessions",)


def test_a_schedule_starts_its_jobs() -> None:
    [nightly] = backend_of(system_of(*ALL), CqrsPlaces()).logic.schedules

    assert (nightly.name, [job.name for job in nightly.jobs]) == (
        "nightly",
        ["tell_all", "purge_sessions"],
    )
    assert (nightly.cron, nightly.zone) == ("0 3 * * MON-FRI", "Europe/Berlin")
    assert (nightly.catch_up, nightly.overlap) == ("once", "skip")


def test_the_modules_say_what_is_done() -> None:
    found = files(*ALL)
    module = found["app/jobs/orders.py"]

    ast.parse(module)
    assert "def _mark_stale(settings: Settings) -> ColumnElement[bool]:" in module
    assert "self._orders.batch(" in module
    assert "_mark_stale(self._settings), after" in module
    assert "'order.mark_stale', 'order', order.id, before=order, after=updated" in module
    assert "OrderStale.of(updated, before=order)" in module
    assert "OrderStale.of(order, before=order)" in module
    assert "return true()" in module
    assert "purged: ClassVar = (SESSIONS,)" in found["app/jobs/purges.py"]
    assert "JOBS_KEEP=604800s" in found[".env.example"]


def test_without_jobs_there_is_nothing_of_them() -> None:
    found = files(ORDER)

    assert not [path for path in found if path.startswith(("app/jobs/", "app/worker/"))]
    assert not [path for path, text in found.items() if "jobs_keep" in text.lower()]


@pytest.mark.parametrize("name", NAMES)
def test_a_job_of_any_name_is_refused_or_built(name: str) -> None:
    job = STALE.replace("MarkStale", name)
    reading = reading_of(ORDER, EVENTS, job, NIGHTLY.format(name), OPERATED)
    if reading.system is None:
        assert all(diagnostic.message for diagnostic in reading.diagnostics)
    elif not unbuildable(reading.system):
        tree = PROFILE.render(backend_of(reading.system, CqrsPlaces()))
        modules = [file.text for file in tree if file.path.startswith("app/jobs/")]
        assert [name for text in modules for name in twice(text)] == []
