"""Routes of sign-up, sign-in and sessions: translate HTTP, and nothing else."""

from fastapi import Response

from app.api.deps import Dispatch, Permitted
from app.api.payload import JsonBody
from app.api.responses import created, item, no_content
from app.api.routing import Router
from app.commands.accounts.refresh_session import RefreshSession
from app.commands.accounts.sign_in import SignIn
from app.commands.accounts.sign_out import SignOut
from app.commands.accounts.sign_up import SignUp
from app.core.errors import TooManyAttemptsError, UnauthenticatedError, UniqueConflictError
from app.queries.accounts.get_me import GetMe
from app.schemas.auth import (
    MembershipView,
    MeView,
    RefreshInput,
    SignInInput,
    SignUpInput,
    TokenView,
)

router = Router(tags=("accounts",))


@router.post(
    "/v1/auth/sign-up",
    status_code=201,
    response_model=MembershipView,
    raises=(UniqueConflictError,),
)
async def sign_up(body: JsonBody[SignUpInput], dispatch: Dispatch) -> Response:
    """Create a tenant with its first person."""
    membership = await dispatch.public(SignUp(body=body))
    return created(MembershipView.of(membership), location=f"/v1/users/{membership.user.id}")


@router.post(
    "/v1/auth/sign-in",
    response_model=TokenView,
    raises=(UnauthenticatedError, TooManyAttemptsError),
)
async def sign_in(body: JsonBody[SignInInput], dispatch: Dispatch) -> Response:
    """Exchange e-mail address and password for tokens."""
    return item(TokenView.of(await dispatch.public(SignIn(body=body))))


@router.post("/v1/auth/refresh", response_model=TokenView, raises=(UnauthenticatedError,))
async def refresh_session(body: JsonBody[RefreshInput], dispatch: Dispatch) -> Response:
    """Exchange a refresh token, once, for new tokens."""
    return item(TokenView.of(await dispatch.public(RefreshSession(body=body))))


@router.post("/v1/auth/sign-out", status_code=204)
async def sign_out(actor: Permitted[SignOut], dispatch: Dispatch) -> Response:
    """End the sign-in; all its tokens are refused from now on."""
    await dispatch(SignOut(), actor=actor)
    return no_content()


@router.get("/v1/me", response_model=MeView)
async def get_me(actor: Permitted[GetMe], dispatch: Dispatch) -> Response:
    """Read who is signed in and what they may do."""
    return item(MeView.of(await dispatch(GetMe(), actor=actor)))
