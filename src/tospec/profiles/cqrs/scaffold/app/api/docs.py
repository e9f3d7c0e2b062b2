"""The documents of the API, served without any other host."""

import json
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse

from app.about import DESCRIPTION, NAME, VERSION
from app.api.responses import json_response
from app.api.routing import Router
from app.core.errors import NotFoundError
from app.schemas.problem import Problem

_ASSETS: Final = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "start.js": "text/javascript; charset=utf-8",
}
# Swagger UI draws its icons as data: images and sets styles on elements.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_PAGE: Final = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{NAME} API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
_START: Final = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
});
"""

router = Router()


@router.get("/openapi.json", include_in_schema=False)
async def openapi_document(request: Request) -> Response:
    """Return the description of the API."""
    return json_response(json.dumps(request.app.openapi()).encode())


@router.get("/docs", include_in_schema=False)
async def docs_page() -> Response:
    """Return the page that shows the description."""
    return HTMLResponse(_PAGE, headers={"content-security-policy": _POLICY})


@router.get("/docs/{name}", include_in_schema=False)
async def docs_asset(name: str) -> Response:
    """Return a part of the page."""
    if name not in _ASSETS:
        raise NotFoundError
    headers = {"cache-control": "public, max-age=86400"}
    return Response(_asset(name), headers=headers, media_type=_ASSETS[name])


def describe(app: FastAPI, public_url: str) -> Callable[[], dict[str, Any]]:
    """Return the function that describes `app` in OpenAPI 3.1, always in the same order."""

    @cache
    def openapi() -> dict[str, Any]:
        document = get_openapi(
            title=NAME,
            version=VERSION,
            description=DESCRIPTION,
            routes=app.routes,
            servers=[{"url": public_url}],
        )
        components = document.setdefault("components", {})
        components["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
        }
        _add_problem(components.setdefault("schemas", {}))
        return document

    return openapi


def _add_problem(schemas: dict[str, Any]) -> None:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= schema.pop("$defs", {})
    schemas["Problem"] = schema


@cache
def _asset(name: str) -> bytes:
    if name == "start.js":
        return _START.encode()
    package = find_spec("fastapi_swagger")
    if package is None or package.origin is None:
        raise NotFoundError
    return (Path(package.origin).parent / "resources" / name).read_bytes()
