"""What other services tell of their own accord."""

from typing import Final

from app.inbox.base import Sender
from app.inbox.mail import MAIL

SENDERS: Final[tuple[Sender, ...]] = (MAIL,)
