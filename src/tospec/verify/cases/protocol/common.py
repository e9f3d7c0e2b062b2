"""What the cases of the protocol share."""

from typing import Final

from tospec.model import Operation, System
from tospec.verify.probes.routes import normalized
from tospec.verify.probes.topics import Topic, about, place

NAME: Final = "protocol"
JSON: Final = (("Content-Type", "application/json"),)


def first_at(system: System, path: str) -> Operation | None:
    """Return the first operation of a path; None for a path that only watchers use."""
    wanted = normalized(path)
    found = (each for each in system.operations if normalized(each.path) == wanted)
    return next(found, None)


def topic_of(system: System, path: str) -> Topic:
    """Return the topic of a path: its first operation, or the endpoint."""
    operation = first_at(system, path)
    if operation is not None:
        return about(NAME, operation)
    watch = system.watch
    return Topic(
        kind=NAME,
        label=path.strip("/"),
        element=f"endpoint {path}",
        reference=place(watch.span) if watch else "",
        requirements=watch.requirements if watch else (),
    )
