"""What a demo shows: where things are, who can sign in, and five requests to try."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tospec.cli.demo_data import People
from tospec.cli.demo_folder import FOLDER
from tospec.cli.demo_server import LOG, DemoError

_LINKS: Final = {"admin": "/admin", "docs": "/docs", "health": "/health", "metrics": "/metrics"}
_SECONDS_TO_ANSWER: Final = 10.0
_JSON: Final = "-H 'content-type: application/json'"
_AUTH: Final = '-H "authorization: Bearer $TOKEN"'


@dataclass(frozen=True, slots=True)
class Command:
    """A line for a shell, and what it is for."""

    about: str
    line: str


@dataclass(frozen=True, slots=True)
class Page:
    """All that is shown."""

    url: str
    inbox: str
    people: People
    commands: tuple[Command, ...]

    def as_data(self) -> dict[str, Any]:
        """Return the page for programs."""
        people = [
            {"tenant": p.tenant, "role": p.role, "name": p.name, "email": p.email}
            for p in self.people.people
        ]
        return {
            "url": self.url,
            **dict(self._links()),
            "password": self.people.password,
            "people": people,
            "commands": [command.line for command in self.commands],
        }

    def as_text(self, folder: Path, seconds: float) -> str:
        """Return the page for people."""
        links = (f"  {name:9} {link}" for name, link in self._links())
        widths = [max(len(value) for value in column) for column in zip(*self._rows(), strict=True)]
        table = (
            "  " + "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True))
            for row in self._rows()
        )
        tried = (f"\n# {command.about}\n{command.line}" for command in self.commands)
        return "\n".join(
            (
                "",
                f"TaskHub runs at {self.url} ({seconds:.1f} s). Stop it with Ctrl-C.",
                "",
                *links,
                f"  {'backend':9} {folder} (log: {folder / FOLDER / LOG})",
                "",
                f"Sign in with the password {self.people.password} as",
                *(line.rstrip() for line in table),
                "",
                "Try it; paste these into a shell, one after the other.",
                *tried,
            )
        )

    def _links(self) -> list[tuple[str, str]]:
        own = [(name, self.url + path) for name, path in _LINKS.items()]
        return [*own, ("inbox", self.inbox)]

    def _rows(self) -> list[tuple[str, str, str]]:
        return [(person.tenant, person.role, person.email) for person in self.people.people]


def page_of(url: str, inbox: str, people: People) -> Page:
    """Return the page of a backend that is ready.

    Raises:
        DemoError: If its data are no longer what the demo made.
    """
    try:
        return Page(url, inbox, people, _commands(url, people))
    except (urllib.error.URLError, StopIteration, KeyError, ValueError) as fault:
        message = f"The data of the demo are not usable any more: {fault}."
        raise DemoError(
            message, f"Remove the folder {FOLDER} of the demo to begin anew."
        ) from fault


def _commands(url: str, people: People) -> tuple[Command, ...]:
    owner = people.people[0]
    credentials = {"email": owner.email, "password": people.password}
    token = _ask(f"{url}/v1/auth/sign-in", body=credentials)["access_token"]
    me = _ask(f"{url}/v1/me", token=token)["user"]["id"]
    projects = _ask(f"{url}/v1/projects?archived=false&visibility=tenant&limit=1", token=token)
    project = next(iter(projects["items"]))["id"]
    task = {"title": "Try the API", "project_id": project, "assignee_id": me}
    api = f"{url}/v1"
    return (
        Command(
            f"Sign in as {owner.name}, and keep the token.",
            f"TOKEN=$(curl -s {api}/auth/sign-in {_JSON} -d '{json.dumps(credentials)}'"
            f" | {_taken('access_token')})",
        ),
        Command(
            "Create a task, show it, and keep its id.",
            f"TASK=$(curl -s -w '\\n' {api}/tasks {_AUTH} {_JSON} -d '{json.dumps(task)}'"
            f" | tee /dev/stderr | {_taken('id')})",
        ),
        Command(
            "List what is overdue and open, most urgent first.",
            f"curl -s -w '\\n' '{api}/tasks?is_overdue=true&sort=-priority&limit=3' {_AUTH}",
        ),
        Command("Start the task.", f"curl -s -w '\\n' -X POST {api}/tasks/$TASK/start {_AUTH}"),
        Command(
            "Complete it before its review: 409, with the moves that are allowed now.",
            f"curl -si -w '\\n' -X POST {api}/tasks/$TASK/complete {_AUTH}",
        ),
    )


def _taken(name: str) -> str:
    """Return the filter that finds a text in a line of JSON."""
    return f"""sed -E 's/.*"{name}": ?"([^"]+)".*/\\1/'"""


def _ask(url: str, *, token: str = "", body: object = None) -> dict[str, Any]:
    headers = {"content-type": "application/json"} if body else {}
    if token:
        headers["authorization"] = f"Bearer {token}"
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(url, data=data, headers=headers)  # noqa: S310 - our own URL
    with urllib.request.urlopen(request, timeout=_SECONDS_TO_ANSWER) as answer:  # noqa: S310 - as above
        return dict(json.load(answer))
