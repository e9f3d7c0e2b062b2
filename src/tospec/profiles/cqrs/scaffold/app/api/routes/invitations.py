"""Routes of invitations: translate HTTP, and nothing else."""

from fastapi import Request, Response

from app.api.conditions import IfMatch
from app.api.deps import Dispatch, Permitted
from app.api.pages import Listing, page
from app.api.payload import JsonBody
from app.api.responses import created, item, no_content
from app.api.routing import Router
from app.commands.accounts.accept_invitation import AcceptInvitation
from app.commands.accounts.invite_user import InviteUser
from app.commands.accounts.revoke_invitation import RevokeInvitation
from app.core.errors import ConcurrentUpdateError, InvalidReferenceError, UniqueConflictError
from app.queries.accounts.get_invitation import GetInvitation
from app.queries.accounts.list_invitations import ListInvitations
from app.schemas.fields import Id
from app.schemas.invitations import (
    InvitationAcceptance,
    InvitationInput,
    InvitationListParameters,
    InvitationView,
    IssuedInvitationView,
)
from app.schemas.page import PageView
from app.schemas.users import UserView

router = Router(tags=("accounts",))


@router.post(
    "/v1/invitations",
    status_code=201,
    response_model=IssuedInvitationView,
    raises=(UniqueConflictError,),
)
async def invite_user(
    actor: Permitted[InviteUser], body: JsonBody[InvitationInput], dispatch: Dispatch
) -> Response:
    """Invite somebody; an earlier invitation of the same address ends."""
    issued = await dispatch(InviteUser(body=body), actor=actor)
    invitation = issued.invitation
    view = IssuedInvitationView.of_issued(invitation, token=issued.token)
    return created(view, location=f"/v1/invitations/{invitation.id}", of=invitation)


@router.get("/v1/invitations", response_model=PageView[InvitationView])
async def list_invitations(
    request: Request,
    actor: Permitted[ListInvitations],
    listing: Listing[InvitationListParameters],
    dispatch: Dispatch,
) -> Response:
    """List the open invitations."""
    invitations = await dispatch(ListInvitations(listing=listing), actor=actor)
    return page(request, invitations, InvitationView.each)


@router.get("/v1/invitations/{invitation_id}", response_model=InvitationView)
async def get_invitation(
    request: Request, invitation_id: Id, actor: Permitted[GetInvitation], dispatch: Dispatch
) -> Response:
    """Read an open invitation."""
    invitation = await dispatch(GetInvitation(invitation_id=invitation_id), actor=actor)
    return item(InvitationView.of(invitation), of=invitation, request=request)


@router.delete("/v1/invitations/{invitation_id}", status_code=204, raises=(ConcurrentUpdateError,))
async def revoke_invitation(
    invitation_id: Id,
    actor: Permitted[RevokeInvitation],
    condition: IfMatch,
    dispatch: Dispatch,
) -> Response:
    """Take an open invitation back."""
    await dispatch(RevokeInvitation(invitation_id=invitation_id, condition=condition), actor=actor)
    return no_content()


@router.post(
    "/v1/invitations/accept",
    status_code=201,
    response_model=UserView,
    raises=(InvalidReferenceError, UniqueConflictError),
)
async def accept_invitation(body: JsonBody[InvitationAcceptance], dispatch: Dispatch) -> Response:
    """Join a tenant with the secret of an invitation."""
    user = await dispatch.public(AcceptInvitation(body=body))
    return created(UserView.of(user), location=f"/v1/users/{user.id}", of=user)
