"""A small runner of composite actions: expressions, conditions, `run` steps with their `env`."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
ACTION: Final = ROOT / "action.yml"
TOSPEC: Final = Path(sys.executable).with_name("tospec")
EXPRESSION: Final = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
BASH: Final = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
PATIENCE: Final = 300.0


def action() -> dict[str, Any]:
    """Return the action as data."""
    return dict(yaml.safe_load(ACTION.read_text(encoding="utf-8")))


def steps() -> list[dict[str, Any]]:
    """Return its steps."""
    return list(action()["runs"]["steps"])


@dataclass(slots=True)
class Runner:
    """Runs steps of the action as GitHub does, in one workspace.

    Attributes:
        workspace: The folder that steps run in.
        temporary: The folder for what one job leaves.
        inputs: What the workflow gives.
        variables: Further variables of the job.
    """

    workspace: Path
    temporary: Path
    inputs: dict[str, str]
    variables: dict[str, str] = field(default_factory=dict)

    def has_tospec(self, program: Path = TOSPEC) -> None:
        """Put a tospec where the step that installs it would."""
        place = self.temporary / "tospec" / "bin" / "tospec"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        place.symlink_to(program)
        (self.temporary / "tospec-results").mkdir(exist_ok=True)

    def run(self, name: str) -> subprocess.CompletedProcess[str] | None:
        """Run the step of a name; None if its condition says that it does not run."""
        (step,) = [each for each in steps() if each["name"] == name]
        if not self._applies(step.get("if", "")):
            return None
        given = {key: self._value(text) for key, text in step.get("env", {}).items()}
        return subprocess.run(
            [*BASH, step["run"]],
            cwd=self.workspace,
            env={**os.environ, **self._files(), **self.variables, **given},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    @property
    def results(self) -> Path:
        """The folder of the artifact."""
        return self.temporary / "tospec-results"

    def _files(self) -> dict[str, str]:
        return {
            "RUNNER_TEMP": str(self.temporary),
            "GITHUB_OUTPUT": str(self.temporary / "output"),
            "GITHUB_STEP_SUMMARY": str(self.temporary / "summary"),
        }

    def _applies(self, condition: str) -> bool:
        # The forms that the action uses; another one must be taught to the runner first.
        known = re.fullmatch(r"inputs\.([\w-]+) != ''", condition)
        if known:
            return self._input(known[1]) != ""
        always = "${{ !cancelled() && steps.install.outcome == 'success' }}"
        assert condition in {"", always}, condition
        return True

    def _value(self, text: str) -> str:
        return EXPRESSION.sub(lambda found: self._named(found[1]), text)

    def _named(self, name: str) -> str:
        if name == "github.action_path":
            return str(ROOT)
        assert name.startswith("inputs."), name
        return self._input(name.removeprefix("inputs."))

    def _input(self, name: str) -> str:
        declared = action()["inputs"][name]
        return str(self.inputs.get(name, declared.get("default", "")))
