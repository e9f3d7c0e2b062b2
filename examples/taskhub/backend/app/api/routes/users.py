"""Routes of users: translate HTTP, and nothing else."""

from fastapi import Request, Response

from app.api.conditions import RequiredIfMatch
from app.api.deps import Dispatch, Permitted
from app.api.pages import Listing, page
from app.api.payload import JsonBody
from app.api.responses import item
from app.api.routing import Router
from app.commands.accounts.update_user import UpdateUser
from app.core.account_errors import LastOwnerError
from app.core.errors import ConcurrentUpdateError
from app.queries.accounts.get_user import GetUser
from app.queries.accounts.list_users import ListUsers
from app.schemas.fields import Id
from app.schemas.page import PageView
from app.schemas.users import UserListParameters, UserUpdate, UserView

router = Router(tags=("accounts",))


@router.get("/v1/users", response_model=PageView[UserView])
async def list_users(
    request: Request,
    actor: Permitted[ListUsers],
    listing: Listing[UserListParameters],
    dispatch: Dispatch,
) -> Response:
    """List the people of the tenant."""
    users = await dispatch(ListUsers(listing=listing), actor=actor)
    return page(request, users, UserView.each)


@router.get("/v1/users/{user_id}", response_model=UserView)
async def get_user(
    request: Request, user_id: Id, actor: Permitted[GetUser], dispatch: Dispatch
) -> Response:
    """Read a person of the tenant."""
    user = await dispatch(GetUser(user_id=user_id), actor=actor)
    return item(UserView.of(user), of=user, request=request)


@router.patch(
    "/v1/users/{user_id}",
    response_model=UserView,
    raises=(LastOwnerError, ConcurrentUpdateError),
)
async def update_user(
    user_id: Id,
    actor: Permitted[UpdateUser],
    changes: JsonBody[UserUpdate],
    condition: RequiredIfMatch,
    dispatch: Dispatch,
) -> Response:
    """Change a person's role, or disable their account."""
    user = await dispatch(
        UpdateUser(user_id=user_id, changes=changes, condition=condition), actor=actor
    )
    return item(UserView.of(user), of=user)
