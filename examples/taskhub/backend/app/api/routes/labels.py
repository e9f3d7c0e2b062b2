"""Routes of labels: translate HTTP, and nothing else."""

from fastapi import Request, Response

from app.api.conditions import IfMatch, RequiredIfMatch
from app.api.deps import Dispatch, Permitted
from app.api.idempotency import Repeatable
from app.api.pages import Listing, page
from app.api.payload import JsonBody
from app.api.responses import created, item, no_content
from app.api.routing import Router
from app.commands.labels.create_label import CreateLabel
from app.commands.labels.delete_label import DeleteLabel
from app.commands.labels.update_label import UpdateLabel
from app.core.errors import ConcurrentUpdateError, UniqueConflictError
from app.queries.labels.get_label import GetLabel
from app.queries.labels.list_labels import ListLabels
from app.schemas.fields import Id
from app.schemas.labels import LabelCreate, LabelListParameters, LabelUpdate, LabelView
from app.schemas.page import PageView

router = Router(tags=["labels"])


@router.post("/v1/labels", status_code=201, response_model=LabelView, raises=(UniqueConflictError,))
async def create_label(
    actor: Permitted[CreateLabel],
    body: JsonBody[LabelCreate],
    repeatable: Repeatable,
    dispatch: Dispatch,
) -> Response:
    """Create a label."""
    return await repeatable.answer(
        lambda request: dispatch(CreateLabel(body=body, request=request), actor=actor),
        lambda label: created(LabelView.of(label), location=f"/v1/labels/{label.id}", of=label),
    )


@router.get("/v1/labels/{label_id}", response_model=LabelView)
async def get_label(
    request: Request, label_id: Id, actor: Permitted[GetLabel], dispatch: Dispatch
) -> Response:
    """Read a label."""
    label = await dispatch(GetLabel(label_id=label_id), actor=actor)
    return item(LabelView.of(label), of=label, request=request)


@router.get("/v1/labels", response_model=PageView[LabelView])
async def list_labels(
    request: Request,
    actor: Permitted[ListLabels],
    listing: Listing[LabelListParameters],
    dispatch: Dispatch,
) -> Response:
    """List labels."""
    labels = await dispatch(ListLabels(listing=listing), actor=actor)
    return page(request, labels, LabelView.each)


@router.patch(
    "/v1/labels/{label_id}",
    response_model=LabelView,
    raises=(UniqueConflictError, ConcurrentUpdateError),
)
async def update_label(
    label_id: Id,
    actor: Permitted[UpdateLabel],
    changes: JsonBody[LabelUpdate],
    condition: RequiredIfMatch,
    dispatch: Dispatch,
) -> Response:
    """Change a label."""
    label = await dispatch(
        UpdateLabel(label_id=label_id, changes=changes, condition=condition), actor=actor
    )
    return item(LabelView.of(label), of=label)


@router.delete("/v1/labels/{label_id}", status_code=204, raises=(ConcurrentUpdateError,))
async def delete_label(
    label_id: Id, actor: Permitted[DeleteLabel], condition: IfMatch, dispatch: Dispatch
) -> Response:
    """Delete a label."""
    await dispatch(DeleteLabel(label_id=label_id, condition=condition), actor=actor)
    return no_content()
