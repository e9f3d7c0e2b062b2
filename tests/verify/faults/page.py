"""Faults of the page for people: what is served beside it, and what a browser may do on it."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_API: Final = "app/api/admin.py"
_KINDS: Final = "admin-page"

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "page",
        "no policy",
        (_API, '    "content-security-policy": (', '    "x-policy": ('),
        kinds=_KINDS,
        requirement="REQ-034",
        first=True,
    ),
    fault(
        "page",
        "scripts may stand in the page",
        (_API, "script-src 'self';", "script-src 'self' 'unsafe-inline';"),
        kinds=_KINDS,
        requirement="REQ-034",
    ),
    fault(
        "page",
        "other pages may frame it",
        (_API, "; frame-ancestors 'none'", ""),
        kinds=_KINDS,
        requirement="REQ-034",
    ),
    fault(
        "page",
        "it is served from anywhere",
        (
            "app/admin/index.html",
            'src="admin/main.js"',
            'src="https://cdn.example/main.js"',
        ),
        kinds=_KINDS,
        requirement="REQ-034",
    ),
    fault(
        "page",
        "a part is missing",
        (
            _API,
            "    asset = _assets().get(name)\n",
            '    asset = _assets().get(name.replace("main", ""))\n',
        ),
        kinds=_KINDS,
        requirement="REQ-034",
    ),
    fault(
        "page",
        "any file can be had",
        (
            _API,
            "    asset = _assets().get(name)\n",
            "    found = FOLDER / name.replace('\\\\', '/')\n"
            "    body = found.read_bytes() if found.is_file() else b''\n"
            "    kind = _MEDIA_TYPES.get(found.suffix, 'text/plain')\n"
            "    asset = _Asset(body, kind, content_tag(body)) if body else None\n",
        ),
        (_API, '@router.get("/admin/{name}"', '@router.get("/admin/{name:path}"'),
        kinds=_KINDS,
        requirement="REQ-034",
    ),
    fault(
        "page",
        "it is not there",
        (_API, "return [router] if settings.admin_enabled else []", "return []"),
        kinds=_KINDS,
        requirement="REQ-034",
    ),
    fault(
        "page",
        "it tells other places where one was",
        (_API, '    "referrer-policy": "no-referrer",\n', ""),
        kinds=_KINDS,
        requirement="REQ-034",
    ),
)
