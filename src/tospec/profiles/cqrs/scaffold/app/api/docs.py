"""The documents of the API, served without any other host."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from html import escape
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse

from app.about import DESCRIPTION, NAME, VERSION
from app.api.problems import PROBLEM_JSON
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
<title>{escape(NAME)} API</title>
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
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  validatorUrl: null,
});
"""

_YEARS: Final = re.compile(r"P(\d+)Y(?:(\d+)D)?", re.ASCII)
_BOUNDS: Final = frozenset({"minimum", "maximum", "exclusiveMaximum"})
_LAST_TAGS: Final = ("accounts", "audit", "background", "webhooks", "integrations", "operations")
_NO_DESCRIPTION: Final = "Successful Response"

router = Router()


@router.get("/openapi.json", include_in_schema=False)
async def openapi_document(request: Request) -> Response:
    """Return the description of the API."""
    return json_response(json.dumps(request.app.openapi()).encode())


@router.get("/docs", include_in_schema=False, negotiated=False)
async def docs_page() -> Response:
    """Return the page that shows the description."""
    return HTMLResponse(_PAGE, headers={"content-security-policy": _POLICY})


@router.get("/docs/{name}", include_in_schema=False, negotiated=False)
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
        _count_days(components["schemas"])
        _write_out(components["schemas"])
        for operation in _operations(document):
            _word(operation)
            _locate(operation, public_url)
        document["tags"] = [{"name": name} for name in _tags(document)]
        return document

    return openapi


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document["paths"].values():
        yield from methods.values()


def _word(operation: dict[str, Any]) -> None:
    """Let the first sentence of an operation stand beside its path, and the rest below."""
    first, _, rest = operation.pop("description", "").partition("\n")
    operation["summary"] = first.removesuffix(".").replace("`", "") or operation["summary"]
    if rest.strip():
        operation["description"] = rest.strip()
    for status, response in operation["responses"].items():
        if response["description"] == _NO_DESCRIPTION:
            response["description"] = HTTPStatus(int(status)).phrase


def _locate(operation: dict[str, Any], public_url: str) -> None:
    """Make the types of problems in examples what they are on the wire: absolute."""
    for response in operation["responses"].values():
        content = response.get("content", {}).get(PROBLEM_JSON, {})
        for name, example in content.get("examples", {}).items():
            value = example["value"] | {"type": f"{public_url}/problems/{name}"}
            content["examples"][name] = example | {"value": value}


def _count_days(schemas: dict[str, Any]) -> None:
    """Let default lengths of time be such as bodies may have: in days, without years."""
    for schema in schemas.values():
        for member in schema.get("properties", {}).values():
            forms = (each.get("format") for each in (member, *member.get("anyOf", ())))
            if "duration" in forms and member.get("default"):
                member["default"] = _YEARS.sub(_as_days, member["default"])


def _write_out(part: Any) -> None:
    """Let bounds be the whole numbers that they were, not floating-point ones close to them."""
    if isinstance(part, list):
        for each in part:
            _write_out(each)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name in _BOUNDS and isinstance(value, float) and value.is_integer():
                part[name] = int(value)
            else:
                _write_out(value)


def _as_days(found: re.Match[str]) -> str:
    return f"P{int(found[1]) * 365 + int(found[2] or 0)}D"


def _tags(document: dict[str, Any]) -> list[str]:
    """Return the tags in the order of the page: what the service is for comes first."""
    found = dict.fromkeys(tag for each in _operations(document) for tag in each.get("tags", ()))
    return sorted(found, key=lambda tag: _LAST_TAGS.index(tag) if tag in _LAST_TAGS else -1)


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
