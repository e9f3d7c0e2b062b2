"""Routes of projects: translate HTTP, and nothing else."""

from fastapi import Request, Response

from app.api.conditions import IfMatch, RequiredIfMatch
from app.api.deps import Dispatch, Permitted
from app.api.idempotency import Repeatable
from app.api.pages import Listing, page
from app.api.payload import JsonBody
from app.api.responses import created, item, no_content
from app.api.routing import Router
from app.commands.projects.archive_project import ArchiveProject
from app.commands.projects.create_project import CreateProject
from app.commands.projects.delete_project import DeleteProject
from app.commands.projects.link_project_member import LinkProjectMember
from app.commands.projects.unarchive_project import UnarchiveProject
from app.commands.projects.unlink_project_member import UnlinkProjectMember
from app.commands.projects.update_project import UpdateProject
from app.core.errors import ConcurrentUpdateError, UniqueConflictError
from app.errors import ProjectArchivedError, ProjectNotArchivedError, ProjectNotEmptyError
from app.queries.projects.get_project import GetProject
from app.queries.projects.list_projects import ListProjects
from app.queries.projects.project_statistics import ProjectStatistics
from app.schemas.fields import Id
from app.schemas.page import PageView
from app.schemas.projects import (
    ProjectCreate,
    ProjectDetail,
    ProjectListParameters,
    ProjectStatisticsView,
    ProjectSummary,
    ProjectUpdate,
)

router = Router(tags=["projects"])


@router.post(
    "/v1/projects", status_code=201, response_model=ProjectDetail, raises=(UniqueConflictError,)
)
async def create_project(
    actor: Permitted[CreateProject],
    body: JsonBody[ProjectCreate],
    repeatable: Repeatable,
    dispatch: Dispatch,
) -> Response:
    """Create a project."""
    return await repeatable.answer(
        lambda request: dispatch(CreateProject(body=body, request=request), actor=actor),
        lambda project: created(
            ProjectDetail.of(project), location=f"/v1/projects/{project.id}", of=project
        ),
    )


@router.get("/v1/projects/{project_id}", response_model=ProjectDetail)
async def get_project(
    request: Request, project_id: Id, actor: Permitted[GetProject], dispatch: Dispatch
) -> Response:
    """Read a project."""
    project = await dispatch(GetProject(project_id=project_id), actor=actor)
    return item(ProjectDetail.of(project), of=project, request=request)


@router.get("/v1/projects", response_model=PageView[ProjectSummary])
async def list_projects(
    request: Request,
    actor: Permitted[ListProjects],
    listing: Listing[ProjectListParameters],
    dispatch: Dispatch,
) -> Response:
    """List projects."""
    projects = await dispatch(ListProjects(listing=listing), actor=actor)
    return page(request, projects, ProjectSummary.each)


@router.patch(
    "/v1/projects/{project_id}",
    response_model=ProjectDetail,
    raises=(UniqueConflictError, ConcurrentUpdateError, ProjectArchivedError),
)
async def update_project(
    project_id: Id,
    actor: Permitted[UpdateProject],
    changes: JsonBody[ProjectUpdate],
    condition: RequiredIfMatch,
    dispatch: Dispatch,
) -> Response:
    """Change a project."""
    project = await dispatch(
        UpdateProject(project_id=project_id, changes=changes, condition=condition), actor=actor
    )
    return item(ProjectDetail.of(project), of=project)


@router.delete(
    "/v1/projects/{project_id}",
    status_code=204,
    raises=(ConcurrentUpdateError, ProjectNotEmptyError),
)
async def delete_project(
    project_id: Id, actor: Permitted[DeleteProject], condition: IfMatch, dispatch: Dispatch
) -> Response:
    """Delete a project."""
    await dispatch(DeleteProject(project_id=project_id, condition=condition), actor=actor)
    return no_content()


@router.put(
    "/v1/projects/{project_id}/members/{user_id}",
    response_model=ProjectDetail,
    raises=(ConcurrentUpdateError, ProjectArchivedError),
)
async def link_project_member(
    project_id: Id,
    user_id: Id,
    actor: Permitted[LinkProjectMember],
    condition: IfMatch,
    dispatch: Dispatch,
) -> Response:
    """Add a user to the members of a project."""
    project = await dispatch(
        LinkProjectMember(project_id=project_id, user_id=user_id, condition=condition), actor=actor
    )
    return item(ProjectDetail.of(project), of=project)


@router.delete(
    "/v1/projects/{project_id}/members/{user_id}",
    status_code=204,
    raises=(ConcurrentUpdateError, ProjectArchivedError),
)
async def unlink_project_member(
    project_id: Id,
    user_id: Id,
    actor: Permitted[UnlinkProjectMember],
    condition: IfMatch,
    dispatch: Dispatch,
) -> Response:
    """Take a user from the members of a project."""
    await dispatch(
        UnlinkProjectMember(project_id=project_id, user_id=user_id, condition=condition),
        actor=actor,
    )
    return no_content()


@router.post(
    "/v1/projects/{project_id}/archive",
    response_model=ProjectDetail,
    raises=(ConcurrentUpdateError, ProjectArchivedError),
)
async def archive_project(
    project_id: Id, actor: Permitted[ArchiveProject], condition: IfMatch, dispatch: Dispatch
) -> Response:
    """Archive project."""
    project = await dispatch(
        ArchiveProject(project_id=project_id, condition=condition), actor=actor
    )
    return item(ProjectDetail.of(project), of=project)


@router.post(
    "/v1/projects/{project_id}/unarchive",
    response_model=ProjectDetail,
    raises=(ConcurrentUpdateError, ProjectNotArchivedError),
)
async def unarchive_project(
    project_id: Id, actor: Permitted[UnarchiveProject], condition: IfMatch, dispatch: Dispatch
) -> Response:
    """Unarchive project."""
    project = await dispatch(
        UnarchiveProject(project_id=project_id, condition=condition), actor=actor
    )
    return item(ProjectDetail.of(project), of=project)


@router.get("/v1/projects/{project_id}/statistics", response_model=ProjectStatisticsView)
async def project_statistics(
    request: Request, project_id: Id, actor: Permitted[ProjectStatistics], dispatch: Dispatch
) -> Response:
    """Tell how the work in a project goes."""
    measures = await dispatch(ProjectStatistics(project_id=project_id), actor=actor)
    return item(measures, request=request)
