"""Calls of the operations on attachments."""

from typing import Any, Final

from app.authorization.permissions import Role
from app.models.attachment import Attachment
from tests.cases import Call, Operation, wire
from tests.factories.attachments import least_attachment, make_attachment
from tests.factories.projects import make_project
from tests.factories.tasks import make_task
from tests.file_cases import file_call
from tests.world import Person


async def create_attachment(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `CreateAttachment`."""
    task_id = values.pop("task_id", None) or (await make_task(by)).id
    return file_call(
        CREATE_ATTACHMENT,
        "image/png",
        task_id=task_id,
        body={**await least_attachment(by), **wire(values)},
    )


async def get_attachment(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `GetAttachment`."""
    attachment = await make_attachment(by, **values)
    return GET_ATTACHMENT.call(attachment_id=attachment.id)


async def download_attachment(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `DownloadAttachment`."""
    attachment = await make_attachment(by, **values)
    return DOWNLOAD_ATTACHMENT.call(attachment_id=attachment.id)


async def list_attachments(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `ListAttachments`."""
    task_id = values.pop("task_id", None) or (await make_task(by)).id
    return LIST_ATTACHMENTS.call(task_id=task_id)


async def delete_attachment(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `DeleteAttachment`."""
    attachment = await make_attachment(by, **values)
    return DELETE_ATTACHMENT.call(attachment_id=attachment.id)


async def row_of_list_attachments(by: Person, call: Call, /, **values: Any) -> Attachment:
    """Make a row that the answer to `ListAttachments` holds."""
    return await make_attachment(by, **{"task_id": call.ids["task_id"], **values})


async def hidden_attachment(by: Person, /) -> dict[str, Any]:
    """Return values that hide an attachment from those who may not see it."""
    project = await make_project(by, visibility="private")
    task = await make_task(by, project_id=project.id)
    return {"task_id": task.id}


CREATE_ATTACHMENT: Final = Operation(
    name="CreateAttachment",
    method="POST",
    path="/v1/tasks/{task_id}/attachments",
    arrange=create_attachment,
    success=201,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER),
    requirements=("REQ-014",),
    has_body=True,
    audit="attachment.create",
    hide=hidden_attachment,
    blind=(Role.MEMBER,),
)
GET_ATTACHMENT: Final = Operation(
    name="GetAttachment",
    method="GET",
    path="/v1/attachments/{attachment_id}",
    arrange=get_attachment,
    success=200,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER),
    requirements=("REQ-014",),
    hide=hidden_attachment,
    blind=(Role.MEMBER, Role.VIEWER),
)
DOWNLOAD_ATTACHMENT: Final = Operation(
    name="DownloadAttachment",
    method="GET",
    path="/v1/attachments/{attachment_id}/content",
    arrange=download_attachment,
    success=200,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER),
    requirements=("REQ-014",),
    hide=hidden_attachment,
    blind=(Role.MEMBER, Role.VIEWER),
)
LIST_ATTACHMENTS: Final = Operation(
    name="ListAttachments",
    method="GET",
    path="/v1/tasks/{task_id}/attachments",
    arrange=list_attachments,
    success=200,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER),
    requirements=("REQ-014",),
    row=row_of_list_attachments,
    hide=hidden_attachment,
    blind=(Role.MEMBER, Role.VIEWER),
)
DELETE_ATTACHMENT: Final = Operation(
    name="DeleteAttachment",
    method="DELETE",
    path="/v1/attachments/{attachment_id}",
    arrange=delete_attachment,
    success=204,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER),
    requirements=("REQ-014",),
    audit="attachment.delete",
    hide=hidden_attachment,
    blind=(Role.MEMBER,),
)

OPERATIONS: Final = (
    CREATE_ATTACHMENT,
    GET_ATTACHMENT,
    DOWNLOAD_ATTACHMENT,
    LIST_ATTACHMENTS,
    DELETE_ATTACHMENT,
)
