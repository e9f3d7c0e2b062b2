"""Routes of messages from other services: translate HTTP, and nothing else."""

from typing import Annotated

from fastapi import Depends, Response

from app.api.deps import Dispatch
from app.api.inbox import MessageReader
from app.api.responses import no_content
from app.api.routing import Router
from app.commands.inbox.receive_message import ReceiveMessage
from app.inbox.mail import MAIL

router = Router(tags=["integrations"])


@router.post("/v1/integrations/mail/messages", status_code=204, negotiated=False)
async def receive_mail(
    command: Annotated[ReceiveMessage, Depends(MessageReader(MAIL))],
    dispatch: Dispatch,
) -> Response:
    """Take in what `mail` tells of its own accord."""
    await dispatch.public(command)
    return no_content()
