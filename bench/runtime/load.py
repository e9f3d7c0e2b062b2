"""Send one kind of request for a while over some connections; print what came back as JSON.

Reads from standard input: port, token, kind, ids, project, connections, seconds.
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
    ids = asked["ids"][lane :: asked["connections"]]
    for turn in itertools.count():
        match asked["kind"]:
            case "get":
                yield _request(asked, "GET", f"/v1/tasks/{ids[turn % len(ids)]}")
            case "list":
                yield _request(asked, "GET", "/v1/tasks?limit=50&status=todo")
            case "create":
                body = {"project_id": asked["project"], "title": f"task {lane} {turn}"}
                yield _request(asked, "POST", "/v1/tasks", body)
            case "transition":
                move = MOVES[turn // len(ids) % 3]
                reason = {"reason": "because"} if move == "cancel" else None
                yield _request(asked, "POST", f"/v1/tasks/{ids[turn % len(ids)]}/{move}", reason)


def _request(asked: dict[str, Any], method: str, path: str, body: object = None) -> bytes:
    payload = b"" if body is None else json.dumps(body).encode()
    head = (
        f"{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {asked['token']}\r\n"
    )
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
