"""What people may see of jobs, and do to them: those of their own tenant, if their role may."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.authorization.permissions import MANAGE_JOBS, ROLE_PERMISSIONS, Role
from app.core.ids import new_id
from app.models.job import JobState
from tests.jobs.deeds import enqueue, job
from tests.requirements import JOBS
from tests.world import Person, Tenant, World, faults, refused

pytestmark = pytest.mark.requirement(*JOBS)

ALLOWED = [role for role in Role if MANAGE_JOBS in ROLE_PERMISSIONS[role]]
REFUSED = [role for role in Role if role not in ALLOWED]
NOBODYS = UUID(int=1)
READS = ["/v1/jobs", f"/v1/jobs/{NOBODYS}", "/v1/schedules"]
CHANGES = [
    *(f"/v1/jobs/{NOBODYS}/{move}" for move in ("replay", "discard", "cancel")),
    *("/v1/jobs/replay", "/v1/jobs/discard"),
]
BODIES: dict[str, dict[str, Any]] = {
    "/v1/jobs/replay": {},
    "/v1/jobs/discard": {"ids": [str(NOBODYS)]},
    f"/v1/jobs/{NOBODYS}/discard": {},
}


@pytest.fixture
def operator(world: World) -> Person:
    return world.home[ALLOWED[0]]


async def stored(world: World, tenant: Tenant, name: str = "counted", **values: Any) -> UUID:
    return await enqueue(world.database, tenant.id, name, **values)


async def buried(world: World, tenant: Tenant) -> UUID:
    entry = {
        "attempt": 3,
        "at": "2026-01-01T00:00:00+00:00",
        "reason": "failed",
        "error": "KeyError",
    }
    values = {"state": JobState.DEAD, "reason": "failed", "attempt": 3, "history": [entry]}
    return await stored(world, tenant, **values)


async def state(world: World, job_id: UUID) -> JobState:
    return (await job(world.database, job_id)).state


async def test_jobs_of_the_tenant_are_listed(world: World, operator: Person) -> None:
    own = [await stored(world, world.home, name) for name in ("counted", "counted", "other")]
    await stored(world, world.other)

    assert sorted(await operator.listed("/v1/jobs")) == sorted(own)
    assert sorted(await operator.listed("/v1/jobs", name="counted")) == sorted(own[:2])
    assert await operator.listed("/v1/jobs", state="dead") == []
    assert sorted(await operator.walked("/v1/jobs", limit=1)) == sorted(own)


async def test_a_job_tells_what_became_of_it(world: World, operator: Person) -> None:
    job_id = await buried(world, world.home)

    told = (await operator.get(f"/v1/jobs/{job_id}")).json()

    assert (told["state"], told["reason"], told["attempt"]) == ("dead", "failed", 3)
    assert told["progress"] == {"changed": 0, "refused": {}}
    assert [entry["error"] for entry in told["history"]] == ["KeyError"]
    assert "token" not in told


async def test_a_dead_job_runs_again(world: World, operator: Person) -> None:
    job_id = await buried(world, world.home)

    response = await operator.post(f"/v1/jobs/{job_id}/replay")

    assert response.status_code == 200, response.text
    told = response.json()
    assert (told["state"], told["attempt"], told["reason"]) == ("queued", 0, None)
    assert len(told["history"]) == 1
    [entry] = await world.audit_entries()
    assert (entry.action, entry.actor_id, entry.entity_id) == ("job.replay", operator.id, job_id)
    again = await operator.post(f"/v1/jobs/{job_id}/replay")
    assert refused(again) == (409, "invalid-transition")


async def test_many_dead_jobs_run_again(world: World, operator: Person) -> None:
    first, second, third = [await buried(world, world.home) for _ in range(3)]
    foreign = await buried(world, world.other)
    waiting = await stored(world, world.home)

    body = {"ids": [str(each) for each in (first, foreign, waiting)]}
    some = await operator.post("/v1/jobs/replay", body)
    rest = await operator.post("/v1/jobs/replay", {})

    assert (some.json(), rest.json()) == ({"replayed": 1}, {"replayed": 2})
    assert {await state(world, each) for each in (first, second, third)} == {JobState.QUEUED}
    assert await state(world, foreign) is JobState.DEAD
    assert len(await world.audit_entries()) == 3


@pytest.mark.parametrize("body", [{}, {"reason": "The address is gone."}])
async def test_a_dead_job_is_discarded(
    world: World, operator: Person, body: dict[str, str]
) -> None:
    job_id = await buried(world, world.home)

    response = await operator.post(f"/v1/jobs/{job_id}/discard", body)

    assert response.status_code == 200, response.text
    told = response.json()
    assert (told["state"], told["reason"]) == ("cancelled", "failed")
    assert [entry["error"] for entry in told["history"]] == ["KeyError"]
    [entry] = await world.audit_entries()
    assert (entry.action, entry.actor_id, entry.entity_id) == ("job.discard", operator.id, job_id)
    assert entry.after == {"reason": body.get("reason")}
    for move, again in (("discard", {}), ("replay", None)):
        refusal = await operator.post(f"/v1/jobs/{job_id}/{move}", again)
        assert refused(refusal) == (409, "invalid-transition")


@pytest.mark.parametrize("before", [JobState.QUEUED, JobState.LEASED, JobState.DONE])
async def test_what_is_not_dead_is_not_discarded(
    world: World, operator: Person, before: JobState
) -> None:
    job_id = await stored(world, world.home, state=before)

    assert refused(await operator.post(f"/v1/jobs/{job_id}/discard", {})) == (
        *(409, "invalid-transition"),
    )
    assert await state(world, job_id) is before
    assert await world.audit_entries() == []


async def test_a_wrong_body_tells_of_no_job(world: World, operator: Person) -> None:
    foreign, waiting = await buried(world, world.other), await stored(world, world.home)

    of_foreign = await operator.post(f"/v1/jobs/{foreign}/discard", {"no_such_member": 1})
    of_own = await operator.post(f"/v1/jobs/{waiting}/discard", {"no_such_member": 1})

    assert refused(of_foreign) == (404, "not-found")
    assert faults(of_own) == [("#", "unknown")]


async def test_many_dead_jobs_are_discarded(world: World, operator: Person) -> None:
    first, second, third = [await buried(world, world.home) for _ in range(3)]
    foreign = await buried(world, world.other)
    waiting = await stored(world, world.home)

    ids = [str(each) for each in (first, second, foreign, waiting)]
    some = await operator.post("/v1/jobs/discard", {"ids": ids, "reason": "A test."})

    assert some.json() == {"discarded": 2}
    assert {await state(world, each) for each in (first, second)} == {JobState.CANCELLED}
    assert {await state(world, each) for each in (third, foreign)} == {JobState.DEAD}
    assert await state(world, waiting) is JobState.QUEUED
    entries = await world.audit_entries()
    assert [entry.after for entry in entries] == [{"reason": "A test."}] * 2


@pytest.mark.parametrize(
    ("before", "allowed"),
    [
        (JobState.QUEUED, True),
        (JobState.LEASED, True),
        (JobState.DEAD, True),
        (JobState.DONE, False),
        (JobState.CANCELLED, False),
    ],
)
async def test_a_job_that_is_not_done_is_cancelled(
    world: World, operator: Person, before: JobState, *, allowed: bool
) -> None:
    job_id = await stored(world, world.home, state=before, token=new_id())

    response = await operator.post(f"/v1/jobs/{job_id}/cancel")

    if allowed:
        assert (response.status_code, response.json()["state"]) == (200, "cancelled")
        assert (await job(world.database, job_id)).token is None
    else:
        assert refused(response) == (409, "invalid-transition")
        assert await state(world, job_id) is before


@pytest.mark.parametrize("path", ["", "/replay", "/discard", "/cancel"])
async def test_jobs_of_others_do_not_exist(world: World, operator: Person, path: str) -> None:
    foreign = await buried(world, world.other)

    for job_id in (foreign, uuid4()):
        method = "POST" if path else "GET"
        body = {} if path == "/discard" else None
        response = await operator.request(method, f"/v1/jobs/{job_id}{path}", body)
        assert refused(response) == (404, "not-found")
    assert await state(world, foreign) is JobState.DEAD


@pytest.mark.parametrize("role", REFUSED)
@pytest.mark.parametrize("path", READS + CHANGES)
async def test_who_may_not_learns_and_does_nothing(world: World, role: Role, path: str) -> None:
    person = world.home[role]

    method = "POST" if path in CHANGES else "GET"
    response = await person.request(method, path, BODIES.get(path))

    assert refused(response) == (403, "permission-denied")


async def test_schedules_tell_when_they_fire_next(operator: Person) -> None:
    response = await operator.get("/v1/schedules")

    assert response.status_code == 200
    for schedule in response.json()["items"]:
        assert schedule.keys() == {"name", "jobs", "cron", "zone", "next_runs"}
        assert len(schedule["next_runs"]) == 5
        assert schedule["next_runs"] == sorted(schedule["next_runs"])


async def test_a_body_that_names_nothing_is_refused(operator: Person) -> None:
    for body in ({"ids": []}, {"ids": ["x"]}, {"ids": None, "all": True}):
        assert (await operator.post("/v1/jobs/replay", body)).status_code == 422
        assert (await operator.post("/v1/jobs/discard", body)).status_code == 422
    for body in ({}, {"ids": [str(NOBODYS)], "reason": "x" * 501}):
        assert (await operator.post("/v1/jobs/discard", body)).status_code == 422
