"""The page for people: it is there or not as the spec says, and can do no more than the API.

What people do on it is the API's own operations, which other kinds of case judge. What is judged
here is what lets nobody make more of the page: where its parts come from, what a browser may do
on it, and that nothing beside it can be had from its place.
"""

import re
from collections.abc import Iterator
from typing import Final

from tospec.model import AdminPage, System
from tospec.verify.base import Answer, Judgement, PlannedCase, Stage
from tospec.verify.probes.judging import Expectation, Trial, shown, succeeded
from tospec.verify.probes.topics import Kind, Topic, place

NAME: Final = "admin-page"
PATH: Final = "/admin"
_POLICY: Final = "content-security-policy"
_HTML: Final = {"Accept": "text/html,application/xhtml+xml"}
_PART: Final = re.compile(r"<(script|link|img)\b[^>]*?\b(?:src|href)\s*=\s*[\"']([^\"']+)", re.I)
_INLINE: Final = re.compile(r"<script\b(?![^>]*\bsrc\s*=)|\son\w+\s*=|\bjavascript:", re.I)
_CLOSED: Final = ("default-src", "base-uri", "form-action", "frame-ancestors")
_LOADED: Final = ("script-src", "style-src", "connect-src", "img-src")
_OWN: Final = frozenset({"'self'", "'none'"})
_OUTSIDE: Final = (
    "/../requirements.txt",
    "/../app/main.py",
    "/%2e%2e/%2e%2e/pyproject.toml",
    "/..%2f..%2fpyproject.toml",
    "/..%2fmain.py",
    "/../main.py",
    "/..%5cmain.py",
    "/....//main.py",
    "/%2fetc%2fpasswd",
    "//etc/passwd",
    "/.env",
    "/.git/HEAD",
    "/index.html%00.js",
)
_SECRETS: Final = re.compile(rb"root:|SECRET_KEY|\[project\]|^(?:import|from) \w|fastapi==", re.M)


def _planned(system: System) -> Iterator[PlannedCase]:
    page = system.admin
    if page is None:
        return
    topic = _topic(page)
    if not page.enabled:
        rule = "An installation whose page is turned off serves none."
        yield topic.case("off", rule, _off, cost=1)
        return
    rule = "The page and all its parts come from the service itself."
    yield topic.case("parts", rule, _parts, cost=40)
    rule = "A browser runs nothing on the page but its own scripts, and asks nobody else."
    yield topic.case("policy", rule, _policy, reference="CSP3, OWASP ASVS 14.4", cost=40)
    rule = "Nothing beside the page can be had from its place."
    yield topic.case("outside", rule, _outside, reference="CWE-22", cost=len(_OUTSIDE) + 1)
    rule = "The page is only read."
    yield topic.case("methods", rule, _methods, reference="RFC 9110 §15.5.6", cost=6)


def _topic(page: AdminPage) -> Topic:
    return Topic(
        kind=NAME,
        label="admin",
        element=f"page {PATH}",
        reference=place(page.span),
        requirements=page.requirements,
    )


def _page(stage: Stage, trial: Trial) -> Answer:
    answer = stage.send(None, "GET", PATH, headers=_HTML)
    trial.control(f"GET {PATH}", answer, works=succeeded(answer))
    return answer


def _named(page: Answer) -> tuple[str, ...]:
    """Return what the page names as its parts, each once."""
    text = page.body.decode("utf-8", "replace")
    return tuple(dict.fromkeys(found[2] for found in _PART.finditer(text)))


def _path(part: str) -> str:
    """Return where a part is; the page is no folder, so what it names begins beside it."""
    return part if part.startswith("/") else f"/{part.removeprefix('./')}"


def _parts(stage: Stage) -> Judgement:
    trial = Trial("200 with a page in HTML whose parts are served beside it")
    page = stage.send(None, "GET", PATH, headers=_HTML)
    trial.expect(f"GET {PATH}", page, Expectation(statuses=(200,)))
    type_ = page.headers.get("content-type", "missing")
    trial.need("Content-Type", holds=type_.startswith("text/html"), got=type_)
    parts = _named(page)
    trial.need("parts", holds=bool(parts), got="none is named")
    for part in parts:
        own = "://" not in part and not part.startswith(("//", "data:"))
        trial.need(part, holds=own, got="of another place")
        if own:
            trial.expect(part, stage.send(None, "GET", _path(part)), Expectation(statuses=(200,)))
    return trial.judgement()


def _policy(stage: Stage) -> Judgement:
    trial = Trial("a policy that lets a browser load and ask only what is the service's own")
    page = _page(stage, trial)
    _hold(trial, PATH, page)
    inline = _INLINE.search(page.body.decode("utf-8", "replace"))
    trial.need("no script in the page", holds=inline is None, got=inline[0] if inline else "")
    for part in _named(page):
        if "://" not in part:
            _hold(trial, part, stage.send(None, "GET", _path(part)))
    return trial.judgement()


def _hold(trial: Trial, what: str, answer: Answer) -> None:
    """Hold the headers of the page, or of a part, against what each must have."""
    directives = _directives(answer.headers.get(_POLICY, ""))
    for name in _CLOSED:
        given = directives.get(name, frozenset({"missing"}))
        trial.need(f"{what}: {name}", holds=given == {"'none'"}, got=" ".join(sorted(given)))
    for name in _LOADED:
        given = directives.get(name, frozenset())
        trial.need(f"{what}: {name}", holds=given <= _OWN, got=" ".join(sorted(given)))
    for header, wanted in (
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
    ):
        told = answer.headers.get(header, "missing")
        trial.need(f"{what}: {header}", holds=told == wanted, got=told)


def _directives(policy: str) -> dict[str, frozenset[str]]:
    words = (each.split() for each in policy.split(";"))
    return {each[0].lower(): frozenset(each[1:]) for each in words if each}


def _outside(stage: Stage) -> Judgement:
    trial = Trial("a refusal, with nothing of the inside")
    _page(stage, trial)
    for path in _OUTSIDE:
        answer = stage.send(None, "GET", f"{PATH}{path}")
        refused = 400 <= answer.status < 500
        trial.need(path, holds=refused, got=shown(answer))
        leak = _SECRETS.search(answer.body)
        trial.need(f"{path}: body", holds=leak is None, got="a file of the service")
    return trial.judgement()


def _methods(stage: Stage) -> Judgement:
    trial = Trial("405 with Allow; HEAD as GET, without a body")
    page = _page(stage, trial)
    wanted = Expectation(statuses=(405,), headers=(("allow", ".*GET.*"),))
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        trial.expect(method, stage.send(None, method, PATH), wanted)
    head = stage.send(None, "HEAD", PATH, headers=_HTML)
    trial.expect("HEAD", head, Expectation(statuses=(page.status,)))
    trial.need("HEAD: body", holds=not head.body, got=f"{len(head.body)} bytes")
    return trial.judgement()


def _off(stage: Stage) -> Judgement:
    trial = Trial("404")
    trial.expect(PATH, stage.send(None, "GET", PATH), Expectation(statuses=(404,)))
    return trial.judgement()


KIND: Final = Kind(NAME, _planned)
