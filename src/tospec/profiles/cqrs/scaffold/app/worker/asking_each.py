"""Jobs that ask another service for something about each of many rows."""

from abc import abstractmethod
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from app.repositories.questions import AT_ONCE, Questions
from app.worker.queued import queue_each, queued_row
from app.worker.work import Part, Progress, Work


class AskEach(Work):
    """A job that asks another service for one thing about each row for which a condition holds.

    It queues a job of its own name for each row, and only those ask, so that a row for which the
    service refuses holds up no other. What is asked about a row is kept before it is asked for the
    first time; nothing is asked about a row for which the condition no longer holds by then.
    """

    spreads: ClassVar = True

    @abstractmethod
    def questions(self) -> Questions:
        """Return which rows it is about, and what is sent about each."""

    async def step(self, progress: Progress) -> Progress:
        """Queue jobs for the next rows; for one row, keep what is to be asked, or that it was."""
        part = self._own_part()
        if part.row_id is None:
            return await self._queue_next(part, progress)
        if progress.asked is not None:
            return replace(progress, asked=None, changed=1, finished=True)
        asked = await self.questions().about(part.row_id, tenant_id=self._tenant_id)
        return replace(progress, asked=asked, finished=asked is None)

    async def _queue_next(self, part: Part, progress: Progress) -> Progress:
        ids = await self.questions().rows(progress.after, tenant_id=self._tenant_id)
        await queue_each(self._transaction, [self._row(part, row_id) for row_id in ids])
        return replace(
            progress,
            after=ids[-1] if ids else progress.after,
            changed=progress.changed + len(ids),
            finished=len(ids) < AT_ONCE,
        )

    def _row(self, part: Part, row_id: UUID) -> dict[str, Any]:
        origin = {"run_id": part.run_id, "row_id": row_id}
        return queued_row(type(self), self._tenant_id) | origin

    def _own_part(self) -> Part:
        if self._part is None:
            message = "a job of many rows has to know which part of its run it is"
            raise LookupError(message)
        return self._part
