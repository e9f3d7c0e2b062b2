"""Calls of the operations on comments."""

from typing import Any, Final

from app.authorization.permissions import Role
from app.core.preconditions import entity_tag
from app.models.comment import Comment
from tests.cases import Call, Operation, wire
from tests.factories.comments import least_comment, make_comment, make_deleted_comment
from tests.factories.projects import make_project
from tests.factories.tasks import make_task
from tests.world import Person


async def create_comment(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `CreateComment`."""
    task_id = values.pop("task_id", None) or (await make_task(by)).id
    return CREATE_COMMENT.call(task_id=task_id, body={**await least_comment(by), **wire(values)})


async def get_comment(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `GetComment`."""
    comment = await make_comment(by, **values)
    return GET_COMMENT.call(comment_id=comment.id)


async def list_comments(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `ListComments`."""
    task_id = values.pop("task_id", None) or (await make_task(by)).id
    return LIST_COMMENTS.call(task_id=task_id)


async def update_comment(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `UpdateComment`."""
    comment = await make_comment(by, **values)
    return UPDATE_COMMENT.call(
        comment_id=comment.id, body={"body": "Another body"}, if_match=entity_tag(comment)
    )


async def delete_comment(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `DeleteComment`."""
    comment = await make_comment(by, **values)
    return DELETE_COMMENT.call(comment_id=comment.id, if_match=entity_tag(comment))


async def restore_comment(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `RestoreComment`."""
    comment = await make_deleted_comment(by, **values)
    return RESTORE_COMMENT.call(comment_id=comment.id, if_match=entity_tag(comment))


async def list_deleted_comments(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `ListDeletedComments`."""
    return LIST_DELETED_COMMENTS.call()


async def row_of_list_comments(by: Person, call: Call, /, **values: Any) -> Comment:
    """Make a row that the answer to `ListComments` holds."""
    return await make_comment(by, **{"task_id": call.ids["task_id"], **values})


async def row_of_list_deleted_comments(by: Person, call: Call, /, **values: Any) -> Comment:
    """Make a row that the answer to `ListDeletedComments` holds."""
    return await make_deleted_comment(by, **values)


async def hidden_comment(by: Person, /) -> dict[str, Any]:
    """Return values that hide a comment from those who may not see it."""
    project = await make_project(by, visibility="private")
    task = await make_task(by, project_id=project.id)
    return {"task_id": task.id}


CREATE_COMMENT: Final = Operation(
    name="CreateComment",
    method="POST",
    path="/v1/tasks/{task_id}/comments",
    arrange=create_comment,
    success=201,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER),
    requirements=("REQ-013",),
    has_body=True,
    audit="comment.create",
    events=("CommentAdded",),
    hide=hidden_comment,
    blind=(Role.MEMBER,),
)
GET_COMMENT: Final = Operation(
    name="GetComment",
    method="GET",
    path="/v1/comments/{comment_id}",
    arrange=get_comment,
    success=200,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER),
    requirements=("REQ-013",),
    hide=hidden_comment,
    blind=(Role.MEMBER, Role.VIEWER),
)
LIST_COMMENTS: Final = Operation(
    name="ListComments",
    method="GET",
    path="/v1/tasks/{task_id}/comments",
    arrange=list_comments,
    success=200,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER),
    requirements=("REQ-013",),
    row=row_of_list_comments,
    hide=hidden_comment,
    blind=(Role.MEMBER, Role.VIEWER),
)
UPDATE_COMMENT: Final = Operation(
    name="UpdateComment",
    method="PATCH",
    path="/v1/comments/{comment_id}",
    arrange=update_comment,
    success=200,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER),
    requirements=("REQ-013",),
    has_body=True,
    conditional=True,
    demands_condition=True,
    audit="comment.update",
    hide=hidden_comment,
    blind=(Role.MEMBER,),
)
DELETE_COMMENT: Final = Operation(
    name="DeleteComment",
    method="DELETE",
    path="/v1/comments/{comment_id}",
    arrange=delete_comment,
    success=204,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER),
    requirements=("REQ-013",),
    conditional=True,
    audit="comment.delete",
    hide=hidden_comment,
    blind=(Role.MEMBER,),
)
RESTORE_COMMENT: Final = Operation(
    name="RestoreComment",
    method="POST",
    path="/v1/comments/{comment_id}/restore",
    arrange=restore_comment,
    success=200,
    roles=(Role.OWNER, Role.ADMIN),
    requirements=("REQ-013",),
    conditional=True,
    audit="comment.restore",
)
LIST_DELETED_COMMENTS: Final = Operation(
    name="ListDeletedComments",
    method="GET",
    path="/v1/deleted-comments",
    arrange=list_deleted_comments,
    success=200,
    roles=(Role.OWNER, Role.ADMIN),
    requirements=("REQ-013",),
    row=row_of_list_deleted_comments,
)

OPERATIONS: Final = (
    CREATE_COMMENT,
    GET_COMMENT,
    LIST_COMMENTS,
    UPDATE_COMMENT,
    DELETE_COMMENT,
    RESTORE_COMMENT,
    LIST_DELETED_COMMENTS,
)
