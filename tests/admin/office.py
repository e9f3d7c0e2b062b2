"""A tenant of the example, with people and rows that are made over its API."""

import secrets
from dataclasses import dataclass
from typing import Any, Final, Self

import httpx

from tests.admin.browser import Page

PASSWORD: Final = secrets.token_urlsafe(18)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One tenant.

    Attributes:
        owner: E-mail address of who signed it up.
    """

    url: str
    name: str
    owner: str
    token: str

    @classmethod
    def opened(cls, url: str, name: str) -> Self:
        """Sign a tenant up."""
        email = f"owner-{name}@example.test"
        body = {"tenant_name": name, "name": "Olive Owner", "email": email, "password": PASSWORD}
        httpx.post(f"{url}/v1/auth/sign-up", json=body).raise_for_status()
        return cls(url=url, name=name, owner=email, token=_signed_in(url, email))

    def post(self, path: str, body: Any = None, *, token: str = "") -> Any:
        """Return what is answered to a request of the owner, or of somebody else."""
        headers = {"authorization": f"Bearer {token or self.token}"}
        answer = httpx.post(f"{self.url}/v1{path}", json=body, headers=headers)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def patch(self, path: str, body: Any) -> Any:
        """Change a row as the owner, whatever its version."""
        headers = {"authorization": f"Bearer {self.token}", "if-match": "*"}
        answer = httpx.patch(f"{self.url}/v1{path}", json=body, headers=headers)
        answer.raise_for_status()
        return answer.json()

    def person(self, role: str) -> str:
        """Return the e-mail address of a new person."""
        email = f"{role}-{self.name}@example.test"
        token = self.post("/invitations", {"email": email, "role": role})["token"]
        body = {"token": token, "name": f"Some {role}", "password": PASSWORD}
        httpx.post(f"{self.url}/v1/invitations/accept", json=body).raise_for_status()
        return email

    def project(self, name: str, key: str = "PRJ") -> str:
        """Return the id of a new project."""
        return str(self.post("/projects", {"name": name, "key": key})["id"])

    def task(self, project: str, title: str, **members: Any) -> str:
        """Return the id of a new task."""
        return str(self.post("/tasks", {"title": title, "project_id": project, **members})["id"])

    def end_sign_ins(self, email: str) -> None:
        """Sign somebody out everywhere, as disabling and enabling their account does."""
        headers = {"authorization": f"Bearer {self.token}"}
        people = httpx.get(f"{self.url}/v1/users", headers=headers).json()["items"]
        person = next(each["id"] for each in people if each["email"] == email)
        self.patch(f"/users/{person}", {"disabled": True})
        self.patch(f"/users/{person}", {"disabled": False})

    def sign_in(self, page: Page, email: str = "") -> None:
        """Sign somebody in on the page; by default the owner."""
        page.open(f"{self.url}/admin")
        page.set("E-mail address", email or self.owner)
        page.set("Password", PASSWORD)
        page.click("button", "Sign in")
        page.wait("document.querySelector('.menu')")


def _signed_in(url: str, email: str) -> str:
    body = {"email": email, "password": PASSWORD}
    answer = httpx.post(f"{url}/v1/auth/sign-in", json=body)
    return str(answer.raise_for_status().json()["access_token"])
