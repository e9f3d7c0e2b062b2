"""Routes of webhooks and deliveries: translate HTTP, and nothing else."""

from fastapi import Request, Response

from app.api.conditions import IfMatch, RequiredIfMatch
from app.api.deps import Dispatch, Permitted
from app.api.idempotency import Repeatable
from app.api.pages import Listing, page
from app.api.payload import JsonBody
from app.api.responses import created, item, no_content
from app.api.routing import Router
from app.commands.webhooks.create_webhook import CreateWebhook
from app.commands.webhooks.delete_webhook import DeleteWebhook
from app.commands.webhooks.ping_webhook import PingWebhook
from app.commands.webhooks.redeliver_webhook import RedeliverWebhook
from app.commands.webhooks.rotate_webhook_secret import RotateWebhookSecret
from app.commands.webhooks.update_webhook import UpdateWebhook
from app.core.errors import ConcurrentUpdateError, InvalidTransitionError
from app.core.webhook_errors import WebhookInactiveError, WebhookLimitError
from app.queries.webhooks.get_webhook import GetWebhook
from app.queries.webhooks.get_webhook_delivery import GetWebhookDelivery
from app.queries.webhooks.list_webhook_deliveries import ListWebhookDeliveries
from app.queries.webhooks.list_webhooks import ListWebhooks
from app.schemas.fields import Id
from app.schemas.page import PageView
from app.schemas.webhooks import (
    IssuedWebhookView,
    WebhookDeliveryDetail,
    WebhookDeliveryListParameters,
    WebhookDeliverySummary,
    WebhookInput,
    WebhookListParameters,
    WebhookUpdate,
    WebhookView,
)
from app.services.webhooks import IssuedWebhook

router = Router(tags=["webhooks"])


@router.post(
    "/v1/webhooks",
    status_code=201,
    response_model=IssuedWebhookView,
    raises=(WebhookLimitError,),
)
async def create_webhook(
    actor: Permitted[CreateWebhook],
    body: JsonBody[WebhookInput],
    repeatable: Repeatable,
    dispatch: Dispatch,
) -> Response:
    """Have events delivered to an address; the signing secret is told this once."""
    return await repeatable.answer(
        lambda request: dispatch(CreateWebhook(body=body, request=request), actor=actor),
        lambda issued: _created(issued, secret=issued.secret),
        # No secret is kept, so a request that is sent again is told none.
        kept=lambda issued: _created(issued, secret=None),
    )


@router.get("/v1/webhooks", response_model=PageView[WebhookView])
async def list_webhooks(
    request: Request,
    actor: Permitted[ListWebhooks],
    listing: Listing[WebhookListParameters],
    dispatch: Dispatch,
) -> Response:
    """List webhooks."""
    webhooks = await dispatch(ListWebhooks(listing=listing), actor=actor)
    return page(request, webhooks, WebhookView.each)


@router.get("/v1/webhooks/{webhook_id}", response_model=WebhookView)
async def get_webhook(
    request: Request, webhook_id: Id, actor: Permitted[GetWebhook], dispatch: Dispatch
) -> Response:
    """Read a webhook."""
    webhook = await dispatch(GetWebhook(webhook_id=webhook_id), actor=actor)
    return item(WebhookView.of(webhook), of=webhook, request=request)


@router.patch(
    "/v1/webhooks/{webhook_id}", response_model=WebhookView, raises=(ConcurrentUpdateError,)
)
async def update_webhook(
    webhook_id: Id,
    actor: Permitted[UpdateWebhook],
    changes: JsonBody[WebhookUpdate],
    condition: RequiredIfMatch,
    dispatch: Dispatch,
) -> Response:
    """Change where a webhook is, what it hears of, or whether anything is delivered."""
    webhook = await dispatch(
        UpdateWebhook(webhook_id=webhook_id, changes=changes, condition=condition), actor=actor
    )
    return item(WebhookView.of(webhook), of=webhook)


@router.delete("/v1/webhooks/{webhook_id}", status_code=204, raises=(ConcurrentUpdateError,))
async def delete_webhook(
    webhook_id: Id, actor: Permitted[DeleteWebhook], condition: IfMatch, dispatch: Dispatch
) -> Response:
    """Delete a webhook and its deliveries."""
    await dispatch(DeleteWebhook(webhook_id=webhook_id, condition=condition), actor=actor)
    return no_content()


@router.post(
    "/v1/webhooks/{webhook_id}/rotate-secret",
    response_model=IssuedWebhookView,
    raises=(ConcurrentUpdateError,),
)
async def rotate_webhook_secret(
    webhook_id: Id,
    actor: Permitted[RotateWebhookSecret],
    condition: IfMatch,
    dispatch: Dispatch,
) -> Response:
    """Make a new secret, told this once; the one before signs as well for a while."""
    issued = await dispatch(
        RotateWebhookSecret(webhook_id=webhook_id, condition=condition), actor=actor
    )
    view = IssuedWebhookView.of_issued(issued.webhook, secret=issued.secret)
    return item(view, of=issued.webhook)


@router.post(
    "/v1/webhooks/{webhook_id}/ping",
    status_code=201,
    response_model=WebhookDeliveryDetail,
    raises=(WebhookInactiveError,),
)
async def ping_webhook(
    webhook_id: Id, actor: Permitted[PingWebhook], dispatch: Dispatch
) -> Response:
    """Deliver something that stands for no event, in one attempt."""
    delivery = await dispatch(PingWebhook(webhook_id=webhook_id), actor=actor)
    location = f"/v1/webhook-deliveries/{delivery.id}"
    return created(WebhookDeliveryDetail.of(delivery), location=location)


@router.get("/v1/webhook-deliveries", response_model=PageView[WebhookDeliverySummary])
async def list_webhook_deliveries(
    request: Request,
    actor: Permitted[ListWebhookDeliveries],
    listing: Listing[WebhookDeliveryListParameters],
    dispatch: Dispatch,
) -> Response:
    """List deliveries; the newest first."""
    deliveries = await dispatch(ListWebhookDeliveries(listing=listing), actor=actor)
    return page(request, deliveries, WebhookDeliverySummary.each)


@router.get("/v1/webhook-deliveries/{webhook_delivery_id}", response_model=WebhookDeliveryDetail)
async def get_webhook_delivery(
    request: Request,
    webhook_delivery_id: Id,
    actor: Permitted[GetWebhookDelivery],
    dispatch: Dispatch,
) -> Response:
    """Read a delivery, what it carries, and what became of its attempts."""
    query = GetWebhookDelivery(webhook_delivery_id=webhook_delivery_id)
    delivery = await dispatch(query, actor=actor)
    return item(WebhookDeliveryDetail.of(delivery), request=request)


@router.post(
    "/v1/webhook-deliveries/{webhook_delivery_id}/redeliver",
    response_model=WebhookDeliveryDetail,
    raises=(InvalidTransitionError, WebhookInactiveError),
)
async def redeliver_webhook(
    webhook_delivery_id: Id, actor: Permitted[RedeliverWebhook], dispatch: Dispatch
) -> Response:
    """Attempt a delivery anew that has ended; its id stays."""
    command = RedeliverWebhook(webhook_delivery_id=webhook_delivery_id)
    return item(WebhookDeliveryDetail.of(await dispatch(command, actor=actor)))


def _created(issued: IssuedWebhook, *, secret: str | None) -> Response:
    webhook = issued.webhook
    view = IssuedWebhookView.of_issued(webhook, secret=secret)
    return created(view, location=f"/v1/webhooks/{webhook.id}", of=webhook)
