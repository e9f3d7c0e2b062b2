"""Headers, paths and problems that are wrong beside the way that most clients take."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_PROBLEMS: Final = "app/api/problems.py"
_PATHS: Final = "app/api/paths.py"
_CONTEXT: Final = "app/middleware/request_context.py"
_LIMITS: Final = "app/middleware/limits.py"
_PAYLOAD: Final = "app/api/payload.py"
_IDENTIFIED: Final = (
    '                message["headers"] = _identified(message["headers"], context)\n'
)

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "protocol",
        "Location leads nowhere",
        (
            "app/api/routes/tasks.py",
            'location=f"/v1/tasks/{task.id}"',
            'location=f"/tasks/{task.id}"',
        ),
        kinds="answers protocol headers",
        about=("CreateTask",),
        requirement="A-01: Location",
    ),
    fault(
        "protocol",
        "Location leads to another row",
        (
            "app/api/routes/comments.py",
            "{comment.id}",
            "{comment.task_id}",
        ),
        kinds="answers protocol headers",
        about=("CreateComment",),
        requirement="A-01: Location",
    ),
    fault(
        "protocol",
        "Location repeats the Host",
        (
            _CONTEXT,
            _IDENTIFIED,
            _IDENTIFIED
            + '                host = b"http://" + dict(scope["headers"]).get(b"host", b"")\n'
            '                message["headers"] = [\n'
            '                    (name, host + value if name == b"location" else value)\n'
            '                    for name, value in message["headers"]\n'
            "                ]\n",
        ),
        kinds="answers protocol headers",
        requirement="A-68: Location never contains the Host",
    ),
    fault(
        "protocol",
        "OPTIONS is not served",
        (
            _PATHS,
            '        if scope["method"] != "OPTIONS":\n',
            '        if scope["method"] != "":\n',
        ),
        kinds="protocol",
        requirement="A-22: OPTIONS",
    ),
    fault(
        "protocol",
        "Allow leaves out a method",
        (
            _PATHS,
            'allow = ", ".join(sorted(offered | ({"HEAD"} if "GET" in offered else set())))',
            'allow = ", ".join(sorted(offered - {"PATCH"}))',
        ),
        kinds="protocol",
        requirement="A-20: Allow is exact",
    ),
    fault(
        "protocol",
        "refusals may be stored",
        (
            _CONTEXT,
            _IDENTIFIED,
            _IDENTIFIED + '                if message["status"] >= 400:\n'
            '                    message["headers"].remove((b"cache-control", b"no-store"))\n',
        ),
        kinds="headers",
        requirement="A-59: no-store",
    ),
    fault(
        "protocol",
        "lists may be stored by everybody",
        (
            "app/api/pages.py",
            "    return json_response(body, headers=headers)\n",
            '    return json_response(body, headers={**headers, "cache-control": "public, '
            'max-age=60"})\n',
        ),
        kinds="headers lists",
        requirement="A-59: no-store",
    ),
    fault(
        "protocol",
        "JSON is called text",
        (
            "app/api/responses.py",
            'JSON: Final = "application/json"',
            'JSON: Final = "text/html"',
        ),
        kinds="answers headers protocol",
        requirement="A-59: Content-Type",
    ),
    fault(
        "protocol",
        "the problem tells another id of the request",
        (
            _PROBLEMS,
            '"instance": f"urn:uuid:{correlation_id()}",',
            '"instance": f"urn:uuid:{__import__(\'uuid\').uuid4()}",',
        ),
        kinds="problems headers",
        requirement="A-57: the same id",
    ),
    fault(
        "protocol",
        "a trace is not carried on",
        (
            _CONTEXT,
            '    context.trace_id = trace.decode("ascii")\n',
            "    context.trace_id = os.urandom(16).hex()\n",
        ),
        kinds="headers",
        requirement="A-58: traceparent",
    ),
    fault(
        "protocol",
        "a trace of nothing is carried on",
        (_CONTEXT, "trace == _ZERO_TRACE or span", "span"),
        kinds="headers",
        requirement="A-58: traceparent",
    ),
    fault(
        "protocol",
        "a trace from the parent's span is told as that span",
        (
            _CONTEXT,
            "    context.sampled = bool(",
            '    context.span_id = span.decode("ascii")\n    context.sampled = bool(',
        ),
        kinds="headers",
        requirement="A-58: traceparent",
    ),
    fault(
        "protocol",
        "two parents of a trace are one",
        (_CONTEXT, "    if len(parents) == 1:\n", "    if parents:\n"),
        kinds="headers",
        requirement="A-58: traceparent",
    ),
    fault(
        "protocol",
        "answers name the server",
        (
            _CONTEXT,
            _IDENTIFIED,
            _IDENTIFIED
            + '                message["headers"].append((b"server", b"uvicorn/0.35"))\n',
        ),
        kinds="headers",
        requirement="A-59: no Server with a version",
    ),
    fault(
        "protocol",
        "any origin is let in",
        (
            _CONTEXT,
            _IDENTIFIED,
            _IDENTIFIED + '                origin = dict(scope["headers"]).get(b"origin")\n'
            "                if origin:\n"
            '                    allowed = (b"access-control-allow-origin", origin)\n'
            '                    trusted = (b"access-control-allow-credentials", b"true")\n'
            '                    message["headers"] += [allowed, trusted]\n',
        ),
        kinds="headers protocol",
        requirement="S-204: no origin is echoed",
    ),
    fault(
        "protocol",
        "bodies of three megabytes are read",
        ("app/api/deps.py", "max_body_size: int = 1024 * 1024", "max_body_size: int = 3 * 1024**2"),
        ("app/api/payload.py", "int(length) > limit", "int(length) > 3 * limit"),
        ("app/api/payload.py", "            if size > limit:", "            if size > 3 * limit:"),
        kinds="protocol",
        requirement="A-27: 413",
    ),
    fault(
        "protocol",
        "only declared lengths are judged",
        ("app/api/payload.py", "            if size > limit:", "            if size < 0:"),
        kinds="protocol",
        requirement="A-27: 413 for streamed bodies",
    ),
    fault(
        "protocol",
        "addresses of any length are read",
        (_LIMITS, "MAX_URI: Final = 8 * 1024", "MAX_URI: Final = 1024 * 1024"),
        kinds="protocol",
        requirement="A-28: 414",
    ),
    fault(
        "protocol",
        "headers of any number are read",
        (_LIMITS, "len(headers) > MAX_HEADERS or _size(headers) > MAX_HEADER_BYTES", "not headers"),
        kinds="protocol",
        requirement="A-29: 431",
    ),
    fault(
        "protocol",
        "encodings of the body are ignored",
        (
            _PAYLOAD,
            'if _only(request, "content-encoding").lower() not in {"", "identity"}:',
            'if _only(request, "content-encoding") == "none":',
        ),
        kinds="protocol",
        requirement="A-26: 415",
    ),
    fault(
        "protocol",
        "other charsets are taken for UTF-8",
        (_PAYLOAD, " or not _is_utf8(parameters):", ":"),
        kinds="protocol",
        requirement="A-25: 415",
    ),
    fault(
        "protocol",
        "what is refused by quality is served",
        (
            "app/api/negotiation.py",
            'return name, quality.strip("0.") != ""',
            "return name, bool(quality)",
        ),
        kinds="protocol",
        requirement="A-24: 406",
    ),
    fault(
        "protocol",
        "415 does not say what is read",
        (
            _PROBLEMS,
            '            yield "accept-patch" if patch else "accept", "application/json"\n',
            "            yield from ()\n",
        ),
        kinds="protocol",
        requirement="A-25: Accept, Accept-Patch",
    ),
    fault(
        "protocol",
        "415 tells patchers what posters may send",
        (
            _PROBLEMS,
            'yield "accept-patch" if patch else "accept", "application/json"',
            'yield "accept", "application/json"',
        ),
        kinds="protocol",
        requirement="A-25: Accept-Patch",
    ),
    fault(
        "protocol",
        "a header overrides the method",
        (
            _CONTEXT,
            "        context = _context(scope)\n",
            "        context = _context(scope)\n"
            '        override = dict(scope["headers"]).get(b"x-http-method-override")\n'
            "        if override:\n"
            '            scope = {**scope, "method": override.decode("latin-1").upper()}\n',
        ),
        kinds="authentication protocol",
        requirement="S-034: X-HTTP-Method-Override is ignored",
    ),
    fault(
        "errors",
        "types of problems lead nowhere",
        (
            "app/api/operations.py",
            "    error = error_types().get(slug)\n",
            '    error = error_types().get(f"no-{slug}")\n',
        ),
        kinds="problems",
        requirement="A.2: the type dereferences",
    ),
    fault(
        "errors",
        "titles are details",
        (_PROBLEMS, '            "title": error.title,\n', '            "title": error.detail,\n'),
        kinds="problems",
        requirement="A-51: title is constant",
    ),
    fault(
        "errors",
        "one kind of problem has no type",
        (_PROBLEMS, '"type": self._base + error.slug,', '"type": "about:blank",'),
        kinds="problems",
        requirement="A-51: type",
    ),
    fault(
        "leakage",
        "what is not found is named",
        (
            _PROBLEMS,
            '            "detail": _plain(error.detail),\n            "instance"',
            '            "detail": f"{_plain(error.detail)} '
            "{getattr(error, 'missing', '')}\",\n"
            '            "instance"',
        ),
        kinds="problems isolation idor-guessing",
        requirement="A-18: one answer for what is hidden and absent",
    ),
)
