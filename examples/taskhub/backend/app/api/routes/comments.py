"""Routes of comments: translate HTTP, and nothing else."""

from fastapi import Request, Response

from app.api.conditions import IfMatch, RequiredIfMatch
from app.api.deps import Dispatch, Permitted
from app.api.idempotency import Repeatable
from app.api.pages import Listing, page
from app.api.payload import JsonBody
from app.api.responses import created, item, no_content
from app.api.routing import Router
from app.commands.comments.create_comment import CreateComment
from app.commands.comments.delete_comment import DeleteComment
from app.commands.comments.restore_comment import RestoreComment
from app.commands.comments.update_comment import UpdateComment
from app.core.errors import ConcurrentUpdateError
from app.core.restoring import NotDeletedError
from app.errors import EditWindowClosedError, ProjectArchivedError
from app.queries.comments.get_comment import GetComment
from app.queries.comments.list_comments import ListComments
from app.queries.comments.list_deleted_comments import ListDeletedComments
from app.schemas.comments import (
    CommentCreate,
    CommentListParameters,
    CommentUpdate,
    CommentView,
    ListDeletedCommentsParameters,
)
from app.schemas.fields import Id
from app.schemas.page import PageView

router = Router(tags=["comments"])


@router.post(
    "/v1/tasks/{task_id}/comments",
    status_code=201,
    response_model=CommentView,
    raises=(ProjectArchivedError,),
)
async def create_comment(
    task_id: Id,
    actor: Permitted[CreateComment],
    body: JsonBody[CommentCreate],
    repeatable: Repeatable,
    dispatch: Dispatch,
) -> Response:
    """Create a comment."""
    return await repeatable.answer(
        lambda request: dispatch(
            CreateComment(task_id=task_id, body=body, request=request), actor=actor
        ),
        lambda comment: created(
            CommentView.of(comment), location=f"/v1/comments/{comment.id}", of=comment
        ),
    )


@router.get("/v1/comments/{comment_id}", response_model=CommentView)
async def get_comment(
    request: Request, comment_id: Id, actor: Permitted[GetComment], dispatch: Dispatch
) -> Response:
    """Read a comment."""
    comment = await dispatch(GetComment(comment_id=comment_id), actor=actor)
    return item(CommentView.of(comment), of=comment, request=request)


@router.get("/v1/tasks/{task_id}/comments", response_model=PageView[CommentView])
async def list_comments(
    request: Request,
    task_id: Id,
    actor: Permitted[ListComments],
    listing: Listing[CommentListParameters],
    dispatch: Dispatch,
) -> Response:
    """List comments."""
    comments = await dispatch(ListComments(task_id=task_id, listing=listing), actor=actor)
    return page(request, comments, CommentView.each)


@router.patch(
    "/v1/comments/{comment_id}",
    response_model=CommentView,
    raises=(ConcurrentUpdateError, ProjectArchivedError, EditWindowClosedError),
)
async def update_comment(
    comment_id: Id,
    actor: Permitted[UpdateComment],
    changes: JsonBody[CommentUpdate],
    condition: RequiredIfMatch,
    dispatch: Dispatch,
) -> Response:
    """Change a comment."""
    comment = await dispatch(
        UpdateComment(comment_id=comment_id, changes=changes, condition=condition), actor=actor
    )
    return item(CommentView.of(comment), of=comment)


@router.delete(
    "/v1/comments/{comment_id}",
    status_code=204,
    raises=(ConcurrentUpdateError, ProjectArchivedError),
)
async def delete_comment(
    comment_id: Id, actor: Permitted[DeleteComment], condition: IfMatch, dispatch: Dispatch
) -> Response:
    """Delete a comment."""
    await dispatch(DeleteComment(comment_id=comment_id, condition=condition), actor=actor)
    return no_content()


@router.post(
    "/v1/comments/{comment_id}/restore",
    response_model=CommentView,
    raises=(NotDeletedError, ConcurrentUpdateError, ProjectArchivedError),
)
async def restore_comment(
    comment_id: Id, actor: Permitted[RestoreComment], condition: IfMatch, dispatch: Dispatch
) -> Response:
    """Restore a comment."""
    comment = await dispatch(
        RestoreComment(comment_id=comment_id, condition=condition), actor=actor
    )
    return item(CommentView.of(comment), of=comment)


@router.get("/v1/deleted-comments", response_model=PageView[CommentView])
async def list_deleted_comments(
    request: Request,
    actor: Permitted[ListDeletedComments],
    listing: Listing[ListDeletedCommentsParameters],
    dispatch: Dispatch,
) -> Response:
    """List deleted comments."""
    comments = await dispatch(ListDeletedComments(listing=listing), actor=actor)
    return page(request, comments, CommentView.each)
