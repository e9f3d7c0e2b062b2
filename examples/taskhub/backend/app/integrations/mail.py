"""How `mail` is asked (REQ-024)."""

from datetime import timedelta
from typing import Final

from msgspec import Struct

from app.core.settings import Settings
from app.integrations.connection import Connection
from app.integrations.policies import Breaking, Call, Policy, Retry

POLICY: Final = Policy(
    timeout=timedelta(seconds=3),
    retry=Retry(attempts=3, base=timedelta(milliseconds=200), cap=timedelta(seconds=2), budget=0.2),
    breaker=Breaking(failures=5, within=timedelta(seconds=30), open=timedelta(minutes=1)),
    concurrency=10,
    waits=True,
)
_SEND: Final = Call(name="send", method="POST", path="/messages", keyed=True)


class MailSendAnswer(Struct, frozen=True, kw_only=True):
    """What `send` answers."""

    id: str


class MailClient:
    """Sends mail."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def send(
        self, *, to: str, subject: str, text: str, about: str | None = None, key: str
    ) -> MailSendAnswer:
        """Send a message to one address.

        Raises:
            HeldError: If the service is not to be asked now.
            HopelessError: If it refused.
            OutsideError: If it did not do it; asked again, it may.
        """
        body = {"to": to, "subject": subject, "text": text, "about": about}
        return await self._connection.call(_SEND, body, answer=MailSendAnswer, key=key)


def connect(settings: Settings) -> Connection:
    """Return the connection that `settings` describe; nothing is connected yet."""
    proof = settings.mail_token
    headers = {"authorization": f"Bearer {proof.get_secret_value()}"} if proof else {}
    return Connection("mail", POLICY, url=settings.mail_url, headers=headers)
