"""Other services: one module for each, and how they are asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from app.core.settings import Settings
from app.integrations.breaker import State
from app.integrations.connection import Connection
from app.integrations.mail import MailClient
from app.integrations.mail import connect as connect_mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrations:
    """The other services that this one asks, each by its client."""

    connections: tuple[Connection, ...]
    mail: MailClient

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the services that `settings` describe; nothing is connected yet."""
        mail = connect_mail(settings)
        return cls(
            connections=(mail,),
            mail=MailClient(mail),
        )

    @property
    def troubled(self) -> Mapping[str, str]:
        """Which of them are not asked as usual now, by name, and why."""
        states = {each.name: each.state for each in self.connections}
        return {name: state.word for name, state in states.items() if state is not State.CLOSED}

    async def close(self) -> None:
        """Close what is open."""
        for each in self.connections:
            await each.close()


def configured(settings: Settings) -> dict[str, bool]:
    """Return whether an installation says where each of them is."""
    return {
        "mail": settings.mail_url is not None,
    }
