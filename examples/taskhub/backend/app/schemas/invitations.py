"""Wire format of invitations."""

from typing import Literal, Self
from uuid import UUID

from app.models.invitation import Invitation
from app.models.role import Role
from app.schemas.auth import NewPassword, PersonName, Token
from app.schemas.base import Input, View
from app.schemas.fields import Email, Instant
from app.schemas.page import ListParameters


class InvitationInput(Input):
    """What a client sends to invite somebody."""

    email: Email
    role: Role


class InvitationAcceptance(Input):
    """What the invited person sends to join."""

    token: Token
    name: PersonName
    password: NewPassword


class InvitationListParameters(ListParameters):
    """How the open invitations are sorted."""

    sort: Literal["created_at", "-created_at"] = "-created_at"


class InvitationView(View):
    """An open invitation."""

    id: UUID
    email: str
    role: Role
    invited_by_id: UUID
    expires_at: Instant
    created_at: Instant


class IssuedInvitationView(InvitationView):
    """A new invitation; its token is shown this once."""

    token: str

    @classmethod
    def of_issued(cls, invitation: Invitation, *, token: str) -> Self:
        """Return the representation of `invitation` with its secret."""
        shown = InvitationView.model_validate(invitation)
        return cls(**shown.model_dump(), token=token)
