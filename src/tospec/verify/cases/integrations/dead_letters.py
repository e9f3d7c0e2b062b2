"""Dead letters: jobs that failed for good, as those see them who operate jobs."""

import time
from dataclasses import dataclass
from typing import Any, Final

from tospec.model import Job, Operation
from tospec.verify.base import Answer, Person, Stage
from tospec.verify.oracle.naming import snake
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.probes.routes import filled

_LIST: Final = "ListJobs"
_READ: Final = "GetJob"
_REPLAY: Final = "ReplayJob"
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
        named = {o.name: o for o in stage.system.operations if o.name in {_LIST, _READ, _REPLAY}}
        if len(named) < 3:
            return None
        person = stage.person(roles_of(stage.system, named[_REPLAY])[0])
        return cls(stage, job, person, named)

    def ids(self) -> frozenset[str]:
        """Return the ids of those that there are."""
        items = self._list().json
        found = items.get("items", []) if isinstance(items, dict) else []
        return frozenset(each["id"] for each in found if self._is_of_job(each))

    def new(self, before: frozenset[str]) -> list[str]:
        """Return the ids of those that there were not before, which may take a moment."""
        end = time.monotonic() + _WAITS
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

    def _list(self) -> Answer:
        operation = self.operations[_LIST]
        query = {"state": "dead", "limit": _MOST}
        return self.stage.send(self.person, operation.method, operation.path, query=query)

    def _send(self, operation: Operation, path: str) -> Answer:
        return self.stage.send(self.person, operation.method, path)

    def _is_of_job(self, item: Any) -> bool:
        names = (self.job.name, snake(self.job.name))
        return isinstance(item, dict) and item.get("name") in names and "id" in item
