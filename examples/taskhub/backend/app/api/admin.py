"""The page on which people see and change rows, at `/admin`.

It is a handful of files that are the same for everybody, and it does all that it does through the
operations of the API, as whoever has signed in on it. Nothing here knows of rows or of people.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import Request, Response

from app.api.conditions import not_modified
from app.api.routing import Router
from app.core.errors import NotFoundError
from app.core.preconditions import content_tag
from app.core.settings import Settings

FOLDER: Final = Path(__file__).parents[1] / "admin"
_PAGE: Final = "index.html"
_MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    # Asked for each time, so that the files of one page are those of one version.
    "cache-control": "no-cache",
}

router = Router()


@dataclass(frozen=True, slots=True)
class _Asset:
    body: bytes
    media_type: str
    tag: str


@router.get("/admin", include_in_schema=False, negotiated=False)
async def admin_page(request: Request) -> Response:
    """Return the page."""
    return _answer(request, _PAGE)


@router.get("/admin/{name}", include_in_schema=False, negotiated=False)
async def admin_asset(request: Request, name: str) -> Response:
    """Return a part of the page."""
    return _answer(request, name)


def admin_routers(settings: Settings) -> list[Router]:
    """Return what serves the page; nothing where an installation has turned it off."""
    return [router] if settings.admin_enabled else []


def _answer(request: Request, name: str) -> Response:
    asset = _assets().get(name)
    if asset is None:
        raise NotFoundError
    headers = _HEADERS | {"etag": asset.tag}
    if not_modified(request, asset.tag):
        return Response(status_code=304, headers=headers)
    return Response(asset.body, headers=headers, media_type=asset.media_type)


@cache
def _assets() -> dict[str, _Asset]:
    """Return the files of the page by name; a name that is no file's leads nowhere."""
    return {
        path.name: _Asset(body, _MEDIA_TYPES[path.suffix], content_tag(body))
        for path in FOLDER.iterdir()
        if path.suffix in _MEDIA_TYPES
        for body in (path.read_bytes(),)
    }
