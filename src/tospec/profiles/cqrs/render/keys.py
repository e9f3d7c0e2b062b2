"""What commands do with an `Idempotency-Key`."""

from tospec.ir.entities import Entity
from tospec.ir.operations import Operation
from tospec.profiles.cqrs import places
from tospec.python import Code, fill, symbol


def request_field(entity: Entity) -> Code:
    """Return the field of a message that holds the request with its key."""
    keyed = symbol("app.core.keyed_requests", "KeyedRequest")
    return fill("request: {}[{}] | None = None", keyed, places.model(entity.names))


def created(operation: Operation, call: Code, content: Code | None = None) -> Code:
    """Return the statement that returns what `call` creates, once for each key.

    Args:
        operation: The operation; `call` is all there is to do if it takes no key.
        call: Creates the row, and is to be awaited.
        content: The digest of what the request brought besides its parameters and its body.
    """
    if not operation.keyed:
        return fill("return await {}", call)
    return fill(
        "return await {}(command.request, lambda: {}, transaction=transaction, actor=actor, "
        "keep=self._settings.idempotency_keep{})",
        symbol("app.services.idempotency", "once"),
        call,
        fill(", content={}", content) if content else Code(""),
    )
