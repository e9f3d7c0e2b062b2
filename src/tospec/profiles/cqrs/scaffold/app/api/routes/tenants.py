"""Routes of the tenant: translate HTTP, and nothing else."""

from fastapi import Request, Response

from app.api.conditions import RequiredIfMatch
from app.api.deps import Dispatch, Permitted
from app.api.payload import JsonBody
from app.api.responses import item
from app.api.routing import Router
from app.commands.accounts.update_tenant import UpdateTenant
from app.core.errors import ConcurrentUpdateError
from app.queries.accounts.get_tenant import GetTenant
from app.schemas.tenants import TenantDetail, TenantUpdate

router = Router(tags=("accounts",))


@router.get("/v1/tenant", response_model=TenantDetail)
async def get_tenant(request: Request, actor: Permitted[GetTenant], dispatch: Dispatch) -> Response:
    """Read the tenant of who is signed in."""
    tenant = await dispatch(GetTenant(), actor=actor)
    return item(TenantDetail.of(tenant), of=tenant, request=request)


@router.patch("/v1/tenant", response_model=TenantDetail, raises=(ConcurrentUpdateError,))
async def update_tenant(
    actor: Permitted[UpdateTenant],
    changes: JsonBody[TenantUpdate],
    condition: RequiredIfMatch,
    dispatch: Dispatch,
) -> Response:
    """Rename the tenant, or change its time zone."""
    tenant = await dispatch(UpdateTenant(changes=changes, condition=condition), actor=actor)
    return item(TenantDetail.of(tenant), of=tenant)
