"""Runs against the built example: clean-up, and replays that show again what they showed."""

import re
import stat
import subprocess
from pathlib import Path

import pytest

from tests.verify.putting import Plan
from tests.verify.running import Given, case
from tospec.evidence import Outcome, Verification
from tospec.model.system import System
from tospec.verify.base import CaseKind, Judgement, PlannedCase, Request, Stage
from tospec.verify.run import Options, verify
from tospec.verify.wire.client import Wire
from tospec.verify.wire.encoding import outgoing_of
from tospec.verify.wire.target import target_of


def _spent(url: str, system: System, *cases: PlannedCase, options: Options) -> Verification:
    kinds: list[CaseKind] = [Given(cases)]
    return verify(system, target_of(url), kinds, options)


def _archived_project(stage: Stage) -> Judgement:
    """Make a project with a task and a comment, archive it, and fail."""
    owner, member = stage.person("owner"), stage.person("member", number=1)
    project = stage.send(
        owner, "POST", "/v1/projects", body={"name": 'It\'s "$HOME"\n\x1b é', "key": "ITS"}
    )
    project_id = project.json["id"]
    body = {"title": "Paint", "project_id": project_id, "assignee_id": member.user_id}
    task = stage.send(member, "POST", "/v1/tasks", body=body)
    task_id = task.json["id"]
    stage.send(member, "POST", f"/v1/tasks/{task_id}/comments", body={"body": "Done?"})
    tag = stage.send(owner, "GET", f"/v1/projects/{project_id}").headers["etag"]
    stage.send(owner, "POST", f"/v1/projects/{project_id}/archive", headers={"If-Match": tag})
    refused = stage.send(owner, "PATCH", f"/v1/tasks/{task_id}", body={}, headers={"If-Match": "*"})
    return Judgement(outcome=Outcome.FAILED, got=f"{refused.status} {refused.json}")


def test_every_search_comes_to_something_where_what_is_searched_is_unique(
    taskhub_url: str, taskhub_plan: Plan
) -> None:
    lists = taskhub_plan.of_kinds(("lists",), ("ListProjects",))
    searches = [each for each in lists if "search" in each.id]
    assert len(searches) > 5
    cases = taskhub_plan.put(taskhub_url, searches)
    assert {each.id: each.detail for each in cases if each.outcome is not Outcome.PASSED} == {}


def _statuses(text: str) -> list[str]:
    return re.findall(r"^# -> (\d+)", text, re.MULTILINE)


def test_a_replay_shows_again_what_it_showed(
    taskhub_url: str, system: System, tmp_path: Path
) -> None:
    variables = tmp_path / "variables.sh"
    options = Options(variables=variables, jobs=1)
    done = _spent(taskhub_url, system, case("a", _archived_project), options=options)
    lines = done.cases[0].replay.lines
    assert stat.S_IMODE(variables.stat().st_mode) == 0o600
    assert "Bearer eyJ" in variables.read_text(encoding="utf-8")
    assert "eyJ" not in "".join(lines)
    shown = _statuses("\n".join(lines))
    assert shown == ["201", "201", "201", "200", "200", "409"]
    telling = 'curl() { command curl -w "%{stderr}# -> %{http_code}\\n" "$@"; }'
    script = "\n".join([f". {variables}", telling, *lines])
    again = subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        timeout=60,
        check=True,
        text=True,
    )
    assert _statuses(again.stderr) == shown, again.stderr


@pytest.mark.parametrize(("keep", "status"), [(False, 404), (True, 200)])
def test_what_was_made_is_gone_afterwards_unless_it_is_kept(
    taskhub_url: str, system: System, *, keep: bool, status: int
) -> None:
    made: dict[str, str] = {}
    headers: dict[str, str] = {}

    def remembering(stage: Stage) -> Judgement:
        judgement = _archived_project(stage)
        headers.update(stage.credentials(stage.person("owner")))
        exchanges = stage.exchanges  # type: ignore[attr-defined]  # of the verifier's own stage
        made.update(
            {each.entity: f"{each.request.path}/{each.id}" for each in exchanges if each.id}
        )
        return judgement

    done = _spent(taskhub_url, system, case("a", remembering), options=Options(keep=keep))
    assert sorted(made) == ["Comment", "Project", "Task"]
    assert done.leftovers == (
        "1 people who were invited: they stay, since no operation removes them",
        "1 tenants with their founders: they stay, since no operation removes them",
    )
    wire = Wire(target_of(taskhub_url))
    for path in (made["Task"], made["Project"]):
        answer = wire.send(outgoing_of(Request(method="GET", path=path), headers))
        assert answer.status == status
    wire.close()
