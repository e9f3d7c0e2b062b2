"""The other services that there are, and how they are asked."""

from collections.abc import Callable, Mapping
from typing import Final

from app.core.settings import Settings
from app.integrations.connection import Connection
from app.integrations.mail import POLICY as POLICY_OF_MAIL
from app.integrations.mail import connect as connect_mail
from app.integrations.policies import Policy

POLICIES: Final[Mapping[str, Policy]] = {
    "mail": POLICY_OF_MAIL,
}

CONNECT: Final[Mapping[str, Callable[[Settings], Connection]]] = {
    "mail": connect_mail,
}

SETTINGS: Final[Mapping[str, tuple[str, str | None]]] = {
    "mail": ("mail_url", "mail_token"),
}
