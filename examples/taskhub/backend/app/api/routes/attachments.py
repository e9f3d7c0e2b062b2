"""Routes of attachments: translate HTTP, and nothing else."""

from fastapi import Request, Response

from app.api.deps import Dispatch, Permitted
from app.api.files import FileBody, FileRouter, download
from app.api.idempotency import Repeatable
from app.api.pages import Listing, page
from app.api.payload import QueryParameters
from app.api.responses import created, item, no_content
from app.commands.attachments.create_attachment import CreateAttachment
from app.commands.attachments.delete_attachment import DeleteAttachment
from app.core.errors import ConcurrentUpdateError
from app.errors import ProjectArchivedError
from app.queries.attachments.download_attachment import DownloadAttachment
from app.queries.attachments.get_attachment import GetAttachment
from app.queries.attachments.list_attachments import ListAttachments
from app.schemas.attachments import (
    ATTACHMENT_MEDIA_TYPES,
    AttachmentCreate,
    AttachmentDetail,
    AttachmentListParameters,
)
from app.schemas.fields import Id
from app.schemas.page import PageView

router = FileRouter(tags=["attachments"])


@router.upload(
    "/v1/tasks/{task_id}/attachments",
    media_types=ATTACHMENT_MEDIA_TYPES,
    status_code=201,
    response_model=AttachmentDetail,
    raises=(ProjectArchivedError,),
)
async def create_attachment(
    task_id: Id,
    actor: Permitted[CreateAttachment],
    parameters: QueryParameters[AttachmentCreate],
    upload: FileBody,
    repeatable: Repeatable,
    dispatch: Dispatch,
) -> Response:
    """Create an attachment."""
    return await repeatable.answer(
        lambda request: dispatch(
            CreateAttachment(
                task_id=task_id, parameters=parameters, upload=upload, request=request
            ),
            actor=actor,
        ),
        lambda attachment: created(
            AttachmentDetail.of(attachment), location=f"/v1/attachments/{attachment.id}"
        ),
    )


@router.get("/v1/attachments/{attachment_id}", response_model=AttachmentDetail)
async def get_attachment(
    request: Request, attachment_id: Id, actor: Permitted[GetAttachment], dispatch: Dispatch
) -> Response:
    """Read an attachment."""
    attachment = await dispatch(GetAttachment(attachment_id=attachment_id), actor=actor)
    return item(AttachmentDetail.of(attachment), request=request)


@router.download("/v1/attachments/{attachment_id}/content", media_types=ATTACHMENT_MEDIA_TYPES)
async def download_attachment(
    request: Request, attachment_id: Id, actor: Permitted[DownloadAttachment], dispatch: Dispatch
) -> Response:
    """Hand out an attachment."""
    attachment, content = await dispatch(
        DownloadAttachment(attachment_id=attachment_id), actor=actor
    )
    return download(request, attachment, content)


@router.get("/v1/tasks/{task_id}/attachments", response_model=PageView[AttachmentDetail])
async def list_attachments(
    request: Request,
    task_id: Id,
    actor: Permitted[ListAttachments],
    listing: Listing[AttachmentListParameters],
    dispatch: Dispatch,
) -> Response:
    """List attachments."""
    attachments = await dispatch(ListAttachments(task_id=task_id, listing=listing), actor=actor)
    return page(request, attachments, AttachmentDetail.each)


@router.delete(
    "/v1/attachments/{attachment_id}",
    status_code=204,
    raises=(ConcurrentUpdateError, ProjectArchivedError),
)
async def delete_attachment(
    attachment_id: Id, actor: Permitted[DeleteAttachment], dispatch: Dispatch
) -> Response:
    """Delete an attachment."""
    await dispatch(DeleteAttachment(attachment_id=attachment_id), actor=actor)
    return no_content()
