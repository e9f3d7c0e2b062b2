"""Carries a request out once for each key, however often it is sent."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import sha256

from app.authorization.actor import Actor
from app.core.keyed_requests import (
    Answer,
    AnsweredBefore,
    Claim,
    IdempotencyInProgressError,
    IdempotencyKeyReusedError,
    KeyedRequest,
    Scope,
)
from app.db.engine import Database
from app.db.transactions import Transaction
from app.repositories.idempotency_records import IdempotencyRecordRepository


async def once[R](
    request: KeyedRequest[R] | None,
    work: Callable[[], Awaitable[R]],
    *,
    transaction: Transaction,
    actor: Actor,
    keep: timedelta,
    content: str = "",
) -> R:
    """Do `work`, and keep its answer in the same transaction; never do it twice for one key.

    Args:
        request: What may bear a key.
        work: Is done the first time only.
        transaction: What `work` changes things in.
        actor: Whose key it is.
        keep: How long the answer is kept.
        content: Digest of what the request brought and its own fingerprint does not know.

    Raises:
        AnsweredBefore: If it was done before.
        IdempotencyKeyInvalidError: If the key is not one.
        IdempotencyKeyReusedError: If the key came with another request before.
        IdempotencyInProgressError: If the first request with the key still runs.
    """
    key = request.key.value if request else None
    if request is None or key is None:
        return await work()
    claim = Claim(
        scope=_scope(request, key, actor),
        fingerprint=sha256(f"{request.fingerprint}{content}".encode()).hexdigest(),
        expires_at=transaction.now + keep,
    )
    await _begin(claim, transaction)
    request.claim = claim
    result = await work()
    await _keep(claim, request.answer_to(result), transaction)
    return result


async def keep_refusal[R](request: KeyedRequest[R], refusal: Answer, *, database: Database) -> None:
    """Keep what a request was refused with, if its work had begun.

    The work was undone with its transaction, so this is a transaction of its own. Whoever
    came between keeps an answer as good as this one.
    """
    if (claim := request.claim) is None:
        return
    tenant_id = claim.scope.tenant_id
    async with database.begin(tenant_id) as transaction:
        records = IdempotencyRecordRepository(transaction)
        is_free = await records.claim(claim.scope, tenant_id=tenant_id)
        if is_free and await records.find(claim.scope, tenant_id=tenant_id) is None:
            await _keep(claim, refusal, transaction)


def _scope[R](request: KeyedRequest[R], key: str, actor: Actor) -> Scope:
    return Scope(
        tenant_id=actor.tenant_id,
        user_id=actor.user_id,
        method=request.method,
        route=request.route,
        key=key,
    )


async def _begin(claim: Claim, transaction: Transaction) -> None:
    records, tenant_id = IdempotencyRecordRepository(transaction), claim.scope.tenant_id
    if not await records.claim(claim.scope, tenant_id=tenant_id):
        raise IdempotencyInProgressError
    record = await records.find(claim.scope, tenant_id=tenant_id)
    if record is None:
        return
    if record.fingerprint != claim.fingerprint:
        raise IdempotencyKeyReusedError
    raise AnsweredBefore(Answer(status=record.status, headers=record.headers, body=record.body))


async def _keep(claim: Claim, answer: Answer, transaction: Transaction) -> None:
    records, tenant_id = IdempotencyRecordRepository(transaction), claim.scope.tenant_id
    await records.insert(claim, answer, tenant_id=tenant_id)
    await records.purge(tenant_id=tenant_id)
