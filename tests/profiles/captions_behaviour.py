"""What comes of the chain and the digest of `tests/specs/captions.md`, inside its backend."""

from datetime import timedelta
from typing import Any

from app.authorization.permissions import Role
from app.core.settings import Settings
from app.jobs import EVENTS, JOBS
from app.jobs.outside import Digest
from app.worker.lease import Lease
from app.worker.queue import Queue
from app.worker.relay import Relay
from app.worker.run import Outcome, Runner
from app.worker.work import Outside

from tests.jobs.deeds import enqueue
from tests.stubs.faults import Fault
from tests.stubs.server import Stub
from tests.work.asking import stubbed
from tests.world import Person, World, refused

WORKS = {work.name: work for work in JOBS}


class Crew:
    """A worker that relays events and attempts what is due in one tenant after another."""

    def __init__(self, me: Person, settings: Settings, outside: Outside) -> None:
        self._database = me.database
        self._relay = Relay(me.database, JOBS, EVENTS, keep=timedelta(days=1))
        self._queue = Queue(me.database, WORKS, lease=timedelta(minutes=1), per_tenant=1)
        self._runner = Runner(me.database, settings, self._queue, WORKS, lambda: 0.0, outside)

    async def once(self) -> tuple[str, Outcome] | None:
        while await self._relay.relay():
            pass
        leases: list[Lease] = await self._queue.take(1)
        return (leases[0].name, await self._runner.run(leases[0])) if leases else None

    async def to_the_end(self) -> list[tuple[str, Outcome]]:
        found = []
        while (ended := await self.once()) is not None:
            found.append(ended)
        return found


async def asked_for(me: Person, title: str = "Talk") -> dict[str, Any]:
    """Make a clip and ask for its captions; return it."""
    made = await me.post("/v1/clips", {"title": title, "language": "en"})
    assert made.status_code == 201, made.text
    clip: dict[str, Any] = made.json()
    moved = await me.post(f"/v1/clips/{clip['id']}/transcribe", if_match=made.headers["etag"])
    assert moved.status_code == 200, moved.text
    return clip


async def run_of(me: Person, clip: dict[str, Any]) -> dict[str, Any]:
    response = await me.get("/v1/runs", row=clip["id"])
    assert response.status_code == 200, response.text
    [run] = response.json()["items"]
    return dict(run)


def asked(stub: Stub) -> list[tuple[str, dict[str, Any]]]:
    return [(effect.call.name, dict(effect.values)) for effect in stub.effects]


async def test_what_is_said_comes_to_the_clip(world: World, settings: Settings) -> None:
    me = world.home[Role.EDITOR]
    clip = await asked_for(me)

    async with stubbed(settings) as (stub, outside):
        crew = Crew(me, settings, outside)
        progress = []
        for _ in range(4):
            ended = await crew.once()
            assert ended is not None
            run = await run_of(me, clip)
            progress.append((ended[0], run["progress"], run["state"]))
        assert await crew.to_the_end() == []

    assert progress == [
        ("extract_sound", 25, "running"),
        ("transcribe", 50, "running"),
        ("build_captions", 75, "running"),
        ("tell_owner", 100, "done"),
    ]
    told = (await me.get(f"/v1/clips/{clip['id']}")).json()
    assert told["captions"] == f"en: {told['transcript']}"
    assert [name for name, _ in asked(stub)] == ["extract", "transcribe", "tell"]
    sound, transcript = (effect.answer for effect in stub.effects[:2])
    assert dict(asked(stub))["transcribe"] == {"sound": sound["sound"], "language": "en"}
    assert told["transcript"] == transcript["transcript"]


async def test_a_run_that_stopped_goes_on_from_there(world: World, settings: Settings) -> None:
    me, admin = world.home[Role.EDITOR], world.home[Role.ADMIN]
    clip = await asked_for(me)

    async with stubbed(settings) as (stub, outside):
        crew = Crew(me, settings, outside)
        assert await crew.once() == ("extract_sound", Outcome.DONE)
        stub.fail(Fault.REFUSE)
        assert await crew.to_the_end() == [("transcribe", Outcome.DEAD)]
        run = await run_of(me, clip)
        assert (run["state"], run["job"], run["progress"]) == ("dead", "transcribe", 25)
        assert run["reason"] == "failed"

        again = await admin.post(f"/v1/jobs/{run['job_id']}/replay")
        assert again.status_code == 200, again.text
        await crew.to_the_end()

    assert (await run_of(me, clip))["state"] == "done"
    assert [name for name, _ in asked(stub)] == ["extract", "transcribe", "tell"]


async def test_a_cancelled_run_stops_before_the_next_job(world: World, settings: Settings) -> None:
    me = world.home[Role.EDITOR]
    clip = await asked_for(me)

    async with stubbed(settings) as (stub, outside):
        crew = Crew(me, settings, outside)
        assert await crew.once() == ("extract_sound", Outcome.DONE)
        run = await run_of(me, clip)
        cancelled = await me.post(f"/v1/runs/{run['id']}/cancel")
        assert cancelled.json()["state"] == "cancelled", cancelled.text
        assert await crew.to_the_end() == []

    assert [name for name, _ in asked(stub)] == ["extract"]
    assert (await me.get(f"/v1/clips/{clip['id']}")).json()["captions"] is None


async def test_who_may_not_watch_does_not(world: World) -> None:
    assert refused(await world.home[Role.VIEWER].get("/v1/runs")) == (403, "permission-denied")


async def test_each_person_hears_once_of_a_week(world: World, settings: Settings) -> None:
    editor, admin = world.home[Role.EDITOR], world.home[Role.ADMIN]
    for person in (editor, editor, admin):
        await asked_for(person)

    async with stubbed(settings) as (_, outside):
        await Crew(editor, settings, outside).to_the_end()
    await enqueue(world.database, world.home.id, Digest)
    async with stubbed(settings) as (stub, outside):
        await Crew(editor, settings, outside).to_the_end()

    texts = sorted(values["text"] for _, values in asked(stub))
    assert texts == ["Clips with captions: 1", "Clips with captions: 2"]
    assert len({values["to"] for _, values in asked(stub)}) == 2
