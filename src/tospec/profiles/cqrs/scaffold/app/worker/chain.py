"""Chains of jobs: what is done in a run after what, and handed on from one job to the next.

A job follows in the transaction that completes the one before it, so that none is lost and none
is begun twice. Where one fails for good the chain stops; replayed, it goes on from there.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app.db.transactions import Transaction
from app.worker.lease import Lease
from app.worker.queued import queue_one, queued_row
from app.worker.work import Work


async def hand_on(
    transaction: Transaction, lease: Lease, work: type[Work], answer: Mapping[str, Any] | None
) -> None:
    """Queue the job that follows one that is done, with what that was answered."""
    origin = {
        "run_id": lease.part.run_id,
        "row_id": lease.part.row_id,
        "given": answer,
        "correlation_id": lease.correlation_id,
        **_event_of(lease),
    }
    await queue_one(transaction, queued_row(work, lease.tenant_id) | origin)


def chains_of(works: Collection[type[Work]]) -> Mapping[str, Sequence[str]]:
    """Return the names of the jobs of each run of several jobs, by that of the first."""
    then = {work.name: work.then for work in works}
    firsts = (work for work in works if work.spreads or (work.then and not work.follows))
    return {work.name: _chain(work.name, then) for work in firsts}


def _chain(name: str, then: Mapping[str, str | None]) -> Sequence[str]:
    found = [name]
    while (following := then[found[-1]]) is not None:
        found.append(following)
    return found


def _event_of(lease: Lease) -> dict[str, Any]:
    """Return what the job that follows knows of the event with which its run began."""
    told = lease.announced
    if told is None:
        return {}
    return {"event": told.type, "event_id": told.id, "payload": told.payload}
