"""Jobs that do the same to many rows."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from app.core.errors import AppError, ServiceUnavailableError
from app.db.savepoints import undone_if_refused
from app.models.base import TenantOwned
from app.repositories.batches import BATCH
from app.worker.work import Progress, Work


class EachRow[M: TenantOwned](Work):
    """A job that does the same to each row of a tenant for which a condition holds.

    It goes through them in the order of their ids. A row that a rule refuses stays as it is and
    is counted. One that somebody else is changing is left for the next run.
    """

    @abstractmethod
    async def rows(self, after: UUID | None) -> Sequence[M]:
        """Return the next rows behind `after` for which the condition holds, locked."""

    @abstractmethod
    async def do(self, row: M, /) -> None:
        """Do it to one row.

        Raises:
            AppError: The error of a rule that does not hold for it.
        """

    async def step(self, progress: Progress) -> Progress:
        """Do it to the next rows, and return how far the run has come."""
        rows = await self.rows(progress.after)
        refused = Counter(progress.refused)
        for row in rows:
            if (code := await self._refusal(row)) is not None:
                refused[code] += 1
        changed = len(rows) - (refused.total() - sum(progress.refused.values()))
        return replace(
            progress,
            after=rows[-1].id if rows else progress.after,
            changed=progress.changed + changed,
            refused=dict(refused),
            finished=len(rows) < BATCH,
        )

    async def _refusal(self, row: M) -> str | None:
        """Do it to `row`; return the code of the rule that refused it, if one did."""
        try:
            async with undone_if_refused(self._transaction):
                await self.do(row)
        except ServiceUnavailableError:
            raise
        except AppError as error:
            return error.code or error.slug
        return None
