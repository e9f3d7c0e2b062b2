"""The messages that other services send."""

from typing import Final

from app.inbox.mail import MAIL
from tests.factories.tasks import make_task
from tests.inbox.sending import Known

MESSAGES: Final = (
    Known(
        sender=MAIL,
        type="message.bounced",
        event="MailBounced",
        about="about",
        optional=True,
        data={"reason": "Reason"},
        make=make_task,
    ),
)
