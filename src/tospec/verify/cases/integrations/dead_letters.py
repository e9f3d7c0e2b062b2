"""Dead letters: jobs that failed for good, as those see them who operate jobs."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tospec.model import Job, Operation
from tospec.verify.base import NOTHING, Answer, Json, Person, Stage
from tospec.verify.oracle.naming import snake
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.probes.routes import filled

_LIST: Final = "ListJobs"
_READ: Final = "GetJob"
_REPLAY: Final = "ReplayJob"
REPLAY_MANY: Final = "ReplayJobs"
CANCEL: Final = "CancelJob"
OPERATIONS: Final = (_LIST, _READ, _REPLAY, REPLAY_MANY, CANCEL)
"""What those do who operate jobs."""
_WAITS: Final = 5.0
_LOOKS: Final = 0.2
_MOST: Final = "200"


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """The dead letters of one job in the first tenant."""

    stage: Stage
    job: Job
    person: Person
    operations: dict[str, Operation]

    @classmethod
    def of(cls, stage: Stage, job: Job) -> "DeadLetters | None":
        """Return the dead letters of a job; None if nobody operates jobs.

        Raises:
            Unavailable: If the target gives nobody who does.
        """
        named = {o.name: o for o in stage.system.operations if o.name in OPERATIONS}
        if not {_LIST, _READ, _REPLAY} <= set(named):
            return None
        person = stage.person(roles_of(stage.system, named[_REPLAY])[0])
        return cls(stage, job, person, named)

    def ids(self) -> frozenset[str]:
        """Return the ids of those that there are."""
        items = self._list().json
        found = items.get("items", []) if isinstance(items, dict) else []
        return frozenset(each["id"] for each in found if self._is_of_job(each))

    def new(self, before: frozenset[str], seconds: float = _WAITS) -> list[str]:
        """Return the ids of those that there were not before, once there are any or time is up."""
        end = time.monotonic() + seconds
        while not (found := sorted(self.ids() - before)) and time.monotonic() < end:
            time.sleep(_LOOKS)
        return found

    def tell(self, word: str) -> bool:
        """Return whether somebody is told a word that nobody should hear of."""
        read = self.operations[_READ]
        answers = [self._list()]
        answers += [self._send(read, filled(read.path, each)) for each in sorted(self.ids())[:5]]
        return any(word.encode() in each.body for each in answers)

    def replay(self, id_: str) -> Answer:
        """Let a dead letter be tried again."""
        operation = self.operations[_REPLAY]
        return self._send(operation, filled(operation.path, id_))

    def told_of(self, id_: str) -> Mapping[str, Json]:
        """Return what is told of a job; nothing if nothing is."""
        found = self.ask(_READ, id_).json
        return found if isinstance(found, dict) else {}

    def ask(self, name: str, id_: str = "", by: Person | None = None) -> Answer:
        """Ask for an operation about one dead letter, as somebody.

        Args:
            name: The operation; one about many is asked for this one.
            id_: Of the dead letter; empty for a list.
            by: Somebody else than who operates the jobs of its tenant.
        """
        operation = self.operations[name]
        path = filled(operation.path, id_) if "{" in operation.path else operation.path
        query = {"state": "dead", "limit": _MOST} if name == _LIST else {}
        body: Json = {"ids": [id_]} if name == REPLAY_MANY else NOTHING
        return self.stage.send(by or self.person, operation.method, path, query=query, body=body)

    def _list(self) -> Answer:
        return self.ask(_LIST)

    def _send(self, operation: Operation, path: str) -> Answer:
        return self.stage.send(self.person, operation.method, path)

    def _is_of_job(self, item: Any) -> bool:
        names = (self.job.name, snake(self.job.name))
        return isinstance(item, dict) and item.get("name") in names and "id" in item
