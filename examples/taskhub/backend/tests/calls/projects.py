"""Calls of the operations on projects."""

from typing import Any, Final

from app.authorization.permissions import Role
from app.core.preconditions import entity_tag
from app.models.project import Project
from tests.cases import Call, Operation, wire
from tests.factories.projects import least_project, make_project
from tests.world import Person, number


async def create_project(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `CreateProject`."""
    return CREATE_PROJECT.call(body={**await least_project(by), **wire(values)})


async def get_project(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `GetProject`."""
    project = await make_project(by, **values)
    return GET_PROJECT.call(project_id=project.id)


async def list_projects(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `ListProjects`."""
    return LIST_PROJECTS.call()


async def update_project(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `UpdateProject`."""
    project = await make_project(by, **values)
    return UPDATE_PROJECT.call(
        project_id=project.id, body={"name": f"Name {number()}"}, if_match=entity_tag(project)
    )


async def delete_project(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `DeleteProject`."""
    project = await make_project(by, **values)
    return DELETE_PROJECT.call(project_id=project.id, if_match=entity_tag(project))


async def link_project_member(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `LinkProjectMember`."""
    project = await make_project(by, **values)
    return LINK_PROJECT_MEMBER.call(
        project_id=project.id, user_id=by.id, if_match=entity_tag(project)
    )


async def unlink_project_member(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `UnlinkProjectMember`."""
    project = await make_project(by, **{"member_ids": [by.id], **values})
    return UNLINK_PROJECT_MEMBER.call(
        project_id=project.id, user_id=by.id, if_match=entity_tag(project)
    )


async def archive_project(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `ArchiveProject`."""
    project = await make_project(by, **values)
    return ARCHIVE_PROJECT.call(project_id=project.id, if_match=entity_tag(project))


async def unarchive_project(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `UnarchiveProject`."""
    project = await make_project(by, **{"archived": True, **values})
    return UNARCHIVE_PROJECT.call(project_id=project.id, if_match=entity_tag(project))


async def project_statistics(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `ProjectStatistics`."""
    project = await make_project(by, **values)
    return PROJECT_STATISTICS.call(project_id=project.id)


async def row_of_list_projects(by: Person, call: Call, /, **values: Any) -> Project:
    """Make a row that the answer to `ListProjects` holds."""
    return await make_project(by, **values)


async def hidden_project(by: Person, /) -> dict[str, Any]:
    """Return values that hide a project from those who may not see it."""
    return {"visibility": "private"}


CREATE_PROJECT: Final = Operation(
    name="CreateProject",
    method="POST",
    path="/v1/projects",
    arrange=create_project,
    success=201,
    roles=(Role.OWNER, Role.ADMIN),
    requirements=("REQ-010",),
    has_body=True,
    audit="project.create",
    events=("ProjectCreated",),
)
GET_PROJECT: Final = Operation(
    name="GetProject",
    method="GET",
    path="/v1/projects/{project_id}",
    arrange=get_project,
    success=200,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER),
    requirements=("REQ-010",),
    hide=hidden_project,
    blind=(Role.MEMBER, Role.VIEWER),
)
LIST_PROJECTS: Final = Operation(
    name="ListProjects",
    method="GET",
    path="/v1/projects",
    arrange=list_projects,
    success=200,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER),
    requirements=("REQ-010",),
    row=row_of_list_projects,
    hide=hidden_project,
    blind=(Role.MEMBER, Role.VIEWER),
)
UPDATE_PROJECT: Final = Operation(
    name="UpdateProject",
    method="PATCH",
    path="/v1/projects/{project_id}",
    arrange=update_project,
    success=200,
    roles=(Role.OWNER, Role.ADMIN),
    requirements=("REQ-010",),
    has_body=True,
    conditional=True,
    demands_condition=True,
    audit="project.update",
)
DELETE_PROJECT: Final = Operation(
    name="DeleteProject",
    method="DELETE",
    path="/v1/projects/{project_id}",
    arrange=delete_project,
    success=204,
    roles=(Role.OWNER, Role.ADMIN),
    requirements=("REQ-010",),
    conditional=True,
    audit="project.delete",
)
LINK_PROJECT_MEMBER: Final = Operation(
    name="LinkProjectMember",
    method="PUT",
    path="/v1/projects/{project_id}/members/{user_id}",
    arrange=link_project_member,
    success=200,
    roles=(Role.OWNER, Role.ADMIN),
    requirements=("REQ-010",),
    conditional=True,
    audit="project.link_member",
)
UNLINK_PROJECT_MEMBER: Final = Operation(
    name="UnlinkProjectMember",
    method="DELETE",
    path="/v1/projects/{project_id}/members/{user_id}",
    arrange=unlink_project_member,
    success=204,
    roles=(Role.OWNER, Role.ADMIN),
    requirements=("REQ-010",),
    conditional=True,
    audit="project.unlink_member",
)
ARCHIVE_PROJECT: Final = Operation(
    name="ArchiveProject",
    method="POST",
    path="/v1/projects/{project_id}/archive",
    arrange=archive_project,
    success=200,
    roles=(Role.OWNER, Role.ADMIN),
    requirements=("REQ-010",),
    conditional=True,
    audit="project.archive_project",
    events=("ProjectArchived",),
)
UNARCHIVE_PROJECT: Final = Operation(
    name="UnarchiveProject",
    method="POST",
    path="/v1/projects/{project_id}/unarchive",
    arrange=unarchive_project,
    success=200,
    roles=(Role.OWNER, Role.ADMIN),
    requirements=("REQ-010",),
    conditional=True,
    audit="project.unarchive_project",
)
PROJECT_STATISTICS: Final = Operation(
    name="ProjectStatistics",
    method="GET",
    path="/v1/projects/{project_id}/statistics",
    arrange=project_statistics,
    success=200,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER),
    requirements=("REQ-017",),
    hide=hidden_project,
    blind=(Role.MEMBER, Role.VIEWER),
)

OPERATIONS: Final = (
    CREATE_PROJECT,
    GET_PROJECT,
    LIST_PROJECTS,
    UPDATE_PROJECT,
    DELETE_PROJECT,
    LINK_PROJECT_MEMBER,
    UNLINK_PROJECT_MEMBER,
    ARCHIVE_PROJECT,
    UNARCHIVE_PROJECT,
    PROJECT_STATISTICS,
)
