"""Business rules that are not asked, or asked the wrong way round."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_TASKS: Final = "app/rules/tasks.py"
_PROJECTS: Final = "app/rules/projects.py"
_COMMENTS: Final = "app/rules/comments.py"
_ALL_THREE: Final = (
    "    return (_project_archived(), _assignee_cannot_see_project(), _parent_in_other_project())\n"
)
_KINDS: Final = "rules scenarios stateful"

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "rules",
        "tasks of archived projects are changed",
        (
            _TASKS,
            'after it was changed."""\n' + _ALL_THREE,
            'after it was changed."""\n'
            "    return (_assignee_cannot_see_project(), _parent_in_other_project())\n",
        ),
        kinds=_KINDS,
        about=("UpdateTask", "Task"),
        requirement="REQ-010",
        first=True,
    ),
    fault(
        "rules",
        "tasks are assigned to people who cannot see them",
        (
            _TASKS,
            'after it was created."""\n' + _ALL_THREE,
            'after it was created."""\n'
            "    return (_project_archived(), _parent_in_other_project())\n",
        ),
        kinds=_KINDS,
        about=("CreateTask", "Task"),
        requirement="REQ-011",
    ),
    fault(
        "rules",
        "a parent may be in another project",
        (
            _TASKS,
            'after it was created."""\n' + _ALL_THREE,
            'after it was created."""\n'
            "    return (_project_archived(), _assignee_cannot_see_project())\n",
        ),
        kinds=_KINDS,
        about=("CreateTask", "Task"),
        requirement="REQ-011",
    ),
    fault(
        "rules",
        "members are added to archived projects",
        (
            _PROJECTS,
            'before its links change."""\n    return (_project_archived(),)',
            'before its links change."""\n    return ()',
        ),
        kinds=_KINDS,
        about=("LinkProjectMember", "Project"),
        requirement="REQ-010",
    ),
    fault(
        "rules",
        "projects with open tasks are deleted",
        (_PROJECTS, "    return (_project_not_empty(),)\n", "    return ()\n"),
        kinds=_KINDS,
        about=("DeleteProject", "Project"),
        requirement="REQ-010",
    ),
    fault(
        "rules",
        "projects are archived twice",
        (
            _PROJECTS,
            'before `ArchiveProject`."""\n    return (_project_archived(),)',
            'before `ArchiveProject`."""\n    return ()',
        ),
        kinds=_KINDS,
        about=("ArchiveProject",),
        requirement="REQ-010",
    ),
    fault(
        "rules",
        "only projects that are not archived are unarchived",
        (
            _PROJECTS,
            "Rule(projects.c.archived, ProjectNotArchivedError)",
            "Rule(~projects.c.archived, ProjectNotArchivedError)",
        ),
        kinds=f"answers {_KINDS}",
        about=("UnarchiveProject",),
        requirement="REQ-010",
    ),
    fault(
        "rules",
        "comments are written in archived projects",
        (
            _COMMENTS,
            'after it was created."""\n    return (_project_archived(),)',
            'after it was created."""\n    return ()',
        ),
        kinds=_KINDS,
        about=("CreateComment", "Comment"),
        requirement="REQ-013",
    ),
    fault(
        "rules",
        "fresh comments cannot be edited",
        (_COMMENTS, "comments.c.created_at > NOW", "comments.c.created_at < NOW"),
        kinds=f"answers {_KINDS}",
        about=("UpdateComment", "Comment"),
        requirement="REQ-013",
    ),
    fault(
        "rules",
        "tasks nest four deep",
        (
            "app/repositories/tasks.py",
            'Nesting(column="parent_id", max_depth=3',
            'Nesting(column="parent_id", max_depth=4',
        ),
        kinds=f"references {_KINDS}",
        about=("Task",),
        requirement="REQ-011",
    ),
    fault(
        "rules",
        "changed tasks nest without limit",
        (
            "app/repositories/entities.py",
            "        return await self._stored(entity.id, columns, rules, tenant_id)",
            "        return await self._stored(entity.id, {}, rules, tenant_id)",
        ),
        kinds=f"references {_KINDS}",
        about=("UpdateTask", "Task"),
        requirement="REQ-011",
    ),
    fault(
        "rules",
        "the last owner leaves",
        ("app/services/users.py", "        if others == 0:\n", "        if others < 0:\n"),
        kinds=f"sessions answers role-matrix {_KINDS}",
        about=("UpdateUser", "LAST_OWNER"),
        requirement="REQ-002",
    ),
    fault(
        "rules",
        "a rule is told under another code",
        ("app/errors.py", 'code = "PROJECT_ARCHIVED"', 'code = "ARCHIVED"'),
        kinds=f"transitions {_KINDS}",
        requirement="REQ-010",
    ),
    fault(
        "rules",
        "a rule is told with another status",
        (
            "app/api/rule_statuses.py",
            "MappingProxyType({})",
            "MappingProxyType({RuleError: 422})",
        ),
        kinds=f"transitions {_KINDS}",
        requirement="REQ-010",
    ),
)
