"""The operations whose answers are kept until rows change."""

from typing import Final

from tests.calls.projects import PROJECT_STATISTICS
from tests.calls.tasks import (
    CANCEL_TASK,
    COMPLETE_TASK,
    CREATE_TASK,
    DELETE_TASK,
    REOPEN_TASK,
    START_TASK,
    SUBMIT_TASK,
    UPDATE_TASK,
)
from tests.factories.tasks import find_task
from tests.kept.kinds import Counted, KeptAnswer

KEPT: Final = (
    KeptAnswer(
        name="project-statistics",
        operation=PROJECT_STATISTICS,
        row="project_id",
        counted=(
            Counted(
                row="task_id",
                column="project_id",
                find=find_task,
                changes=(
                    CREATE_TASK,
                    UPDATE_TASK,
                    DELETE_TASK,
                    START_TASK,
                    SUBMIT_TASK,
                    COMPLETE_TASK,
                    CANCEL_TASK,
                    REOPEN_TASK,
                ),
            ),
        ),
    ),
)
