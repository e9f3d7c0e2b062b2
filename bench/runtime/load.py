"""Send one kind of request for a while over some connections; print what came back as JSON.

Reads from standard input: port, tenants, kind, connections, seconds. Tenants take turns, so that
nobody's next request is about what the last one was about.
"""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator
from typing import Any

MOVES = ("start", "cancel", "reopen")


def requests(asked: dict[str, Any], lane: int) -> Iterator[bytes]:
    """Yield the requests of one connection, without end."""
    tenants = asked["tenants"]
    rows = [
        (tenant, id_)
        for ids in zip(*(each["ids"] for each in tenants), strict=True)
        for tenant, id_ in zip(tenants, ids, strict=True)
    ]
    mine = rows[lane :: asked["connections"]]
    for turn in itertools.count():
        tenant, id_ = mine[turn % len(mine)]
        match asked["kind"]:
            case "get":
                yield _request(tenant, "GET", f"/v1/tasks/{id_}")
            case "list":
                yield _request(tenant, "GET", "/v1/tasks?limit=50&status=todo")
            case "create":
                body = {"project_id": tenant["project"], "title": f"task {lane} {turn}"}
                yield _request(tenant, "POST", "/v1/tasks", body)
            case "transition":
                move = MOVES[turn // len(mine) % 3]
                reason = {"reason": "because"} if move == "cancel" else None
                yield _request(tenant, "POST", f"/v1/tasks/{id_}/{move}", reason)


def _request(tenant: dict[str, Any], method: str, path: str, body: object = None) -> bytes:
    payload = b"" if body is None else json.dumps(body).encode()
    token = tenant["token"]
    head = f"{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n"
    if method == "POST":
        head += f"content-length: {len(payload)}\r\n"
    if payload:
        head += "content-type: application/json\r\n"
    return head.encode() + b"\r\n" + payload


async def lane(asked: dict[str, Any], number: int, end: float, times: list[float]) -> int:
    """Send over one connection until `end`; return how many answers were no success."""
    reader, writer = await asyncio.open_connection("127.0.0.1", asked["port"])
    bad = 0
    for request in requests(asked, number):
        begin = time.perf_counter()
        if begin > end:
            break
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        times.append(time.perf_counter() - begin)
        if head[9:10] != b"2":
            bad += 1
            sys.stderr.write(f"{head.splitlines()[0].decode()} {body[:300].decode()}\n")
    writer.close()
    return bad


async def main() -> None:
    """Send what is asked for, and print how it went."""
    asked = json.load(sys.stdin)
    times: list[float] = []
    end = time.perf_counter() + asked["seconds"]
    lanes = (lane(asked, number, end, times) for number in range(asked["connections"]))
    bad = sum(await asyncio.gather(*lanes))
    times.sort()
    at = lambda share: times[int(share * (len(times) - 1))] * 1000  # noqa: E731
    json.dump({"sent": len(times), "bad": bad, "p50": at(0.5), "p99": at(0.99)}, sys.stdout)


asyncio.run(main())
