"""What the services of the domain have in common."""

from app.authorization.actor import Actor
from app.core.settings import Settings
from app.db.transactions import Transaction
from app.events.outbox import Outbox
from app.services.audit import AuditTrail


class Service:
    """Business rules on behalf of one actor, within one transaction.

    A service knows neither HTTP nor when the transaction ends. The caller has asked
    whether the actor may do what it asks for; the service keeps the rules.
    """

    def __init__(self, transaction: Transaction, actor: Actor, settings: Settings) -> None:
        self._actor = actor
        self._tenant_id = actor.tenant_id
        self._now = transaction.now
        self._settings = settings
        self._audit = AuditTrail(transaction, actor)
        self._outbox = Outbox(transaction)
