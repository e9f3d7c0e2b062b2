"""Attachments: how files come, are kept, and are handed out (REQ-014)."""

import asyncio
import hashlib
import tracemalloc
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import httpx
import pytest

from app.authorization.permissions import Role
from app.core.errors import PermissionDeniedError, SerializationError, ServiceUnavailableError
from app.db.file_sweep import GRACE, sweep
from app.repositories.attachments import AttachmentRepository
from app.schemas.attachments import ATTACHMENT_MAX_SIZE, ATTACHMENT_MEDIA_TYPES
from tests.calls.attachments import CREATE_ATTACHMENT, DELETE_ATTACHMENT, DOWNLOAD_ATTACHMENT
from tests.cases import Call
from tests.factories.attachments import find_attachment, make_attachment
from tests.file_cases import CONTENT, FileCall, kept_file, kept_objects, objects
from tests.world import Person, World, faults, refused

pytestmark = pytest.mark.requirement("REQ-014")

PIECE: Final = 64 * 1024
LARGE: Final = min(ATTACHMENT_MAX_SIZE, 25 * 1024 * 1024)
SAVED: Final = {
    "content-type": "image/png",
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'",
    "cache-control": "no-store",
}
UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%")
HOSTILE: Final = (
    'a"b.txt',
    "a;b=c.txt",
    "a%0d%0ab.txt",
    "ünï…😀.txt",
    "..",
    "CON",
    "<img src=x onerror=alert(1)>",
)


async def arranged(me: Person, **changes: Any) -> FileCall:
    """Return a call that sends a file."""
    call: Call = await CREATE_ATTACHMENT.arrange(me)
    assert isinstance(call, FileCall)
    return replace(call, **changes)


async def pieces(size: int) -> AsyncIterator[bytes]:
    """Yield as many bytes, a few at a time."""
    for start in range(0, size, PIECE):
        yield b"\0" * min(PIECE, size - start)


def identifier_of(response: httpx.Response) -> UUID:
    """Return the id of the row that a call made."""
    return UUID(response.headers["location"].rpartition("/")[2])


async def sent_as(me: Person, call: FileCall, size: int, *, declared: bool) -> httpx.Response:
    """Send a file of `size` bytes, and say before how many they are, or do not."""
    headers = {"content-length": str(size)} if declared else {}
    return await me.upload(replace(call, content=pieces(size)), **headers)


async def test_a_file_is_kept_as_it_came(world: World) -> None:
    me = world.home[Role.OWNER]
    content = (bytes(range(256)) * 1000)[:ATTACHMENT_MAX_SIZE]

    response = await me.send(await arranged(me, content=content))

    assert response.status_code == 201, response.text
    row = await find_attachment(me, identifier_of(response))
    assert row is not None
    assert row.media_type == "image/png"
    assert (row.size, row.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert f"attachments/{me.tenant_id}/{row.id}" in kept_objects()
    fetched = await me.get(f"/v1/attachments/{identifier_of(response)}/content")
    assert fetched.content == content


async def test_a_file_without_bytes_is_a_file(world: World) -> None:
    me = world.home[Role.OWNER]

    response = await me.send(await arranged(me, content=b""))

    assert response.status_code == 201, response.text


@pytest.mark.parametrize("declared", [True, False])
async def test_a_file_may_be_as_large_as_it_may_be(world: World, declared: bool) -> None:
    me = world.home[Role.OWNER]

    response = await sent_as(me, await arranged(me), ATTACHMENT_MAX_SIZE, declared=declared)

    assert response.status_code == 201, response.text


@pytest.mark.parametrize("declared", [True, False])
async def test_a_larger_file_leaves_nothing_behind(world: World, declared: bool) -> None:
    me, before = world.home[Role.OWNER], kept_objects()

    response = await sent_as(me, await arranged(me), ATTACHMENT_MAX_SIZE + 1, declared=declared)

    assert refused(response) == (413, "content-too-large")
    assert response.headers["connection"] == "close"
    assert kept_objects() == before


@pytest.mark.parametrize(
    "media_type", ["text/html", "application/octet-stream", "", "nonsense", "*/*"]
)
async def test_another_media_type_is_refused(world: World, media_type: str) -> None:
    me, before = world.home[Role.OWNER], kept_objects()

    response = await me.send(await arranged(me, media_type=media_type))

    assert refused(response) == (415, "unsupported-media-type")
    assert kept_objects() == before


@pytest.mark.parametrize("media_type", ATTACHMENT_MEDIA_TYPES)
async def test_each_media_type_is_taken(world: World, media_type: str) -> None:
    me = world.home[Role.OWNER]

    response = await me.send(await arranged(me, media_type=f"{media_type.upper()}; a=b"))

    assert response.status_code == 201, response.text
    row = await find_attachment(me, identifier_of(response))
    assert row is not None
    assert row.media_type == media_type


async def test_an_encoded_file_is_refused(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await arranged(me)

    response = await me.upload(call, **{"content-encoding": "gzip"})

    assert refused(response) == (415, "unsupported-media-type")


@pytest.mark.parametrize("name", ["", "a" * 256, "../a", "/a", "a\\b", "a\r\nb", "a\tb", "a\x7f"])
async def test_a_name_that_could_be_a_path_is_refused(world: World, name: str) -> None:
    me, before = world.home[Role.OWNER], kept_objects()

    response = await me.send(await arranged(me, body={"name": name}))

    assert [place for place, _ in faults(response)] == ["name"]
    assert kept_objects() == before


@pytest.mark.parametrize("body", [{}, {"name": "a", "size": "5"}, {"name": "a", "nonsense": "5"}])
async def test_other_parameters_are_refused(world: World, body: dict[str, str]) -> None:
    me = world.home[Role.OWNER]

    response = await me.send(await arranged(me, body=body))

    assert len(faults(response)) == 1


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_name_has_no_meaning_in_the_answer(world: World, name: str) -> None:
    me = world.home[Role.OWNER]

    response = await me.send(await arranged(me, body={"name": name}))

    assert response.status_code == 201, response.text
    fetched = await me.get(f"/v1/attachments/{identifier_of(response)}/content")
    disposition = fetched.headers["content-disposition"]
    form, _, encoded = disposition.partition("filename*=UTF-8''")
    assert form == "attachment; "
    assert httpx.QueryParams(f"name={encoded}")["name"] == name
    assert set(encoded) <= set(UNRESERVED)


async def test_a_file_for_what_there_is_not_is_not_read(world: World) -> None:
    me, before = world.home[Role.OWNER], kept_objects()
    call = await arranged(me)

    response = await me.send(call.about_nothing())

    assert refused(response) == (404, "not-found")
    assert kept_objects() == before


@pytest.mark.parametrize("error", [PermissionDeniedError(), ServiceUnavailableError()])
async def test_a_file_goes_if_its_row_is_surely_not_stored(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    me = world.home[Role.OWNER]
    call, before = await arranged(me), kept_objects()

    async def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(AttachmentRepository, "insert", fail)
    response = await me.send(call)

    # The answer of a commit may be lost, and its row be there all the same.
    is_unsure = isinstance(error, ServiceUnavailableError)
    assert response.status_code == (503 if is_unsure else 403)
    assert len(kept_objects() - before) == int(is_unsure)


async def test_a_transaction_that_is_run_again_has_the_file(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = world.home[Role.OWNER]
    call, before = await arranged(me), kept_objects()
    insert, tries = AttachmentRepository.insert, iter([True])

    async def give_way_once(*values: Any, **more: Any) -> Any:
        if next(tries, False):
            raise SerializationError
        return await insert(*values, **more)

    monkeypatch.setattr(AttachmentRepository, "insert", give_way_once)
    response = await me.send(call)

    assert response.status_code == 201, response.text
    assert len(kept_objects() - before) == 1


async def test_a_file_that_comes_too_slowly_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = world.home[Role.OWNER]
    call, before = await arranged(me), kept_objects()
    transport = world.client._transport
    assert isinstance(transport, httpx.ASGITransport)
    application: Any = transport.app
    monkeypatch.setattr(application.state.runtime, "body_timeout", 0.05)

    async def slow() -> AsyncIterator[bytes]:
        yield b"a"
        await asyncio.sleep(5)

    response = await me.send(replace(call, content=slow()))

    assert refused(response) == (408, "request-timeout")
    assert kept_objects() == before


async def test_a_file_is_handed_out_to_be_saved(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await DOWNLOAD_ATTACHMENT.arrange(me)

    response = await me.send(call)

    assert response.status_code == 200
    assert response.content == CONTENT
    digest = hashlib.sha256(CONTENT).hexdigest()
    wanted = SAVED | {"content-length": str(len(CONTENT)), "etag": f'"{digest}"'}
    assert {name: response.headers[name] for name in wanted} == wanted
    assert response.headers["content-disposition"].startswith("attachment; ")


async def test_the_head_of_a_file_is_that_of_the_answer(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await DOWNLOAD_ATTACHMENT.arrange(me)

    response = await me.request("HEAD", call.url)

    whole = await me.send(call)
    assert (response.status_code, response.content) == (200, b"")
    assert {name: response.headers[name] for name in SAVED} == {
        name: whole.headers[name] for name in SAVED
    }


@pytest.mark.parametrize(
    ("form", "status"), [("{tag}", 304), ("W/{tag}", 304), ("*", 304), ('"other"', 200)]
)
async def test_a_file_that_the_client_has_is_not_sent(world: World, form: str, status: int) -> None:
    me = world.home[Role.OWNER]
    call = await DOWNLOAD_ATTACHMENT.arrange(me)
    tag = (await me.send(call)).headers["etag"]

    response = await me.request("GET", call.url, headers={"if-none-match": form.format(tag=tag)})

    assert response.status_code == status
    assert bool(response.content) is (status == 200)


async def test_any_accept_is_served(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await DOWNLOAD_ATTACHMENT.arrange(me)

    response = await me.request("GET", call.url, headers={"accept": "image/*"})

    assert response.status_code == 200


async def test_a_lost_object_is_told_as_one_that_is_gone(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await DOWNLOAD_ATTACHMENT.arrange(me)
    objects().delete(f"attachments/{me.tenant_id}/{call.ids['attachment_id']}")

    assert refused(await me.send(call)) == (404, "not-found")


async def test_the_object_goes_with_its_row(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await DELETE_ATTACHMENT.arrange(me)
    kept = f"attachments/{me.tenant_id}/{call.ids['attachment_id']}"
    assert kept in kept_objects()

    response = await me.send(call)

    assert response.status_code == 204, response.text
    assert (kept in kept_objects()) is False


async def test_memory_does_not_grow_with_a_file(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await arranged(me, content=pieces(LARGE))
    await me.send(await arranged(me))
    tracemalloc.start()
    try:
        response = await me.send(call)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert response.status_code == 201, response.text
    assert peak < 12 * 1024 * 1024


async def test_what_lost_its_row_is_swept(world: World) -> None:
    me = world.home[Role.OWNER]
    kept, orphan = (
        await make_attachment(me),
        await kept_file("attachments", me.tenant_id, "text/plain"),
    )

    early = await sweep(objects(), world.database, now=datetime.now(UTC))
    await sweep(objects(), world.database, now=datetime.now(UTC) + GRACE)

    place = f"attachments/{me.tenant_id}"
    assert early == 0
    assert f"{place}/{kept.id}" in kept_objects()
    assert f"{place}/{orphan['id']}" not in kept_objects()


async def test_what_is_no_object_of_a_row_is_left_alone(world: World) -> None:
    place = f"attachments/{world.home.id}/{'-' * 36}"
    await objects().put_async(place, CONTENT)

    await sweep(objects(), world.database, now=datetime.now(UTC) + GRACE)

    assert place in kept_objects()
    await objects().delete_async(place)
