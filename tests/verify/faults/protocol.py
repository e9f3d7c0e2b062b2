"""HTTP that is not spoken as the contract has it, and problems that tell too little or too much."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_PROBLEMS: Final = "app/api/problems.py"
_RESPONSES: Final = "app/api/responses.py"
_PAYLOAD: Final = "app/api/payload.py"
_PATHS: Final = "app/api/paths.py"
_ROUTING: Final = "app/api/routing.py"
_CONTEXT: Final = "app/middleware/request_context.py"

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "errors",
        "problems have no code",
        (
            _PROBLEMS,
            '            "instance": f"urn:uuid:{correlation_id()}",\n'
            '            "code": error.code or error.slug,\n',
            '            "instance": f"urn:uuid:{correlation_id()}",\n',
        ),
        kinds="problems validation transitions rules authentication",
        requirement="A-51: code",
        first=True,
    ),
    fault(
        "errors",
        "problems are plain JSON",
        (
            _PROBLEMS,
            "dict(_headers(error)), media_type=PROBLEM_JSON)",
            'dict(_headers(error)), media_type="application/json")',
        ),
        kinds="problems protocol authentication",
        requirement="A.2: application/problem+json",
    ),
    fault(
        "errors",
        "problems tell the status of another answer",
        (
            _PROBLEMS,
            '            "status": status,\n            "detail": _plain(error.detail),',
            '            "status": 500,\n            "detail": _plain(error.detail),',
        ),
        kinds="problems protocol authentication",
        requirement="A-51: status",
    ),
    fault(
        "errors",
        "faults of the input are 400",
        (_PROBLEMS, "errors.ValidationError: 422,", "errors.ValidationError: 400,"),
        kinds="validation references protocol",
        requirement="A-11: 422",
    ),
    fault(
        "errors",
        "faults of the input do not say where",
        (
            _PROBLEMS,
            '    where = (place[0], _text(place[1] or "#"))\n',
            '    where = (place[0], "#")\n',
        ),
        kinds="validation problems references",
        requirement="A-51: pointer",
    ),
    fault(
        "errors",
        "conflicts are 422",
        (_PROBLEMS, "errors.ConflictError: 409,", "errors.ConflictError: 422,"),
        kinds="transitions unique rules references",
        requirement="A-34: 409",
    ),
    fault(
        "errors",
        "what is created is 200",
        (_RESPONSES, "status=201, headers=headers)", "status=200, headers=headers)"),
        kinds="answers",
        requirement="A-01: 201",
    ),
    fault(
        "errors",
        "what is created has no Location",
        (
            _RESPONSES,
            '    headers = {"location": location}\n',
            "    headers: dict[str, str] = {}\n",
        ),
        kinds="answers",
        requirement="A-01: Location",
    ),
    fault(
        "errors",
        "what is deleted is 200 with a body",
        (_RESPONSES, "    return Response(status_code=204)\n", "    return document({})\n"),
        kinds="answers",
        requirement="A-04: 204",
    ),
    fault(
        "errors",
        "the body is judged before the row is looked up",
        (
            "app/commands/tasks/update_task.py",
            "        task = await service.get_for_update(command.task_id)\n",
            "        _ = command.changes.value\n"
            "        task = await service.get_for_update(command.task_id)\n",
        ),
        kinds="isolation validation preconditions protocol role-matrix problems idor-guessing",
        about=("UpdateTask", "Task"),
        requirement="A.1: 404 before 422",
    ),
    fault(
        "errors",
        "ids that cannot be one are 422",
        (
            _PROBLEMS,
            "        return errors.NotFoundError()\n    status = getattr",
            "        return errors.ValidationError([])\n    status = getattr",
        ),
        kinds="idor-guessing protocol problems",
        requirement="A-13: 404",
    ),
    fault(
        "leakage",
        "problems show the stack",
        (
            _PROBLEMS,
            '            "detail": _plain(error.detail),\n            "instance"',
            '            "detail": "".join(__import__("traceback").format_exception(error)),\n'
            '            "instance"',
        ),
        kinds="problems",
        requirement="A-50: nothing about the inside",
    ),
    fault(
        "leakage",
        "faults of the input repeat what was sent",
        (
            "app/api/faults.py",
            "error.errors(include_url=False, include_input=False)",
            "error.errors(include_url=False, include_input=True)",
        ),
        (
            "app/api/faults.py",
            "    detail = _detail(kind, fault)\n",
            "    detail = f\"{_detail(kind, fault)} Got: {fault.get('input')!r}.\"\n",
        ),
        kinds="problems injection validation",
        requirement="A-53: input is never repeated",
    ),
    fault(
        "leakage",
        "people are shown with the hash of their password",
        (
            "app/schemas/users.py",
            "    email: str\n    name: str\n",
            "    email: str\n    password_hash: str\n    name: str\n",
        ),
        kinds="answers",
        about=("User", "AcceptInvitation"),
        requirement="REQ-002",
    ),
    fault(
        "protocol",
        "other methods are 404",
        (
            _PATHS,
            "raise errors.MethodNotAllowedError(self._allow)",
            "raise errors.NotFoundError",
        ),
        kinds="protocol",
        requirement="A-20: 405",
    ),
    fault(
        "protocol",
        "405 does not say what is allowed",
        (_PROBLEMS, '            yield "allow", allow\n', "            yield from ()\n"),
        kinds="protocol",
        requirement="A-20: Allow",
    ),
    fault(
        "protocol",
        "HEAD is not served",
        (_ROUTING, 'scope["method"] == "HEAD" and "GET"', 'scope["method"] == "HEADS" and "GET"'),
        kinds="protocol",
        requirement="A-21: HEAD",
    ),
    fault(
        "protocol",
        "any media type is read",
        (
            _PAYLOAD,
            'if media_type.strip().lower() != "application/json" or not _is_utf8(parameters):',
            "if media_type == parameters == request:",
        ),
        kinds="protocol",
        requirement="A-25: 415",
    ),
    fault(
        "protocol",
        "JSON is served to who does not want it",
        (
            _ROUTING,
            'if self._negotiated and not accepts_json(request.headers.getlist("accept")):',
            'if not accepts_json(["*/*"]):',
        ),
        kinds="protocol",
        requirement="A-24: 406",
    ),
    fault(
        "protocol",
        "a member may come twice",
        ("app/core/jsonio.py", "if len(members) != len(pairs):", "if len(members) > len(pairs):"),
        kinds="protocol",
        requirement="A.10: names are unique",
        first=True,
    ),
    fault(
        "protocol",
        "what follows the body's value is ignored",
        (
            _PAYLOAD,
            "        check_json(body)\n",
            '        body = body[: body.rindex(b"}") + 1] if b"}" in body else body\n'
            "        check_json(body)\n",
        ),
        kinds="protocol",
        requirement="A-09: malformed-json",
    ),
    fault(
        "protocol",
        "bodies of any size are read",
        (_PAYLOAD, "int(length) > limit", "int(length) > 64 * limit"),
        (_PAYLOAD, "            if size > limit:", "            if size > 64 * limit:"),
        kinds="protocol",
        requirement="A-27: 413",
    ),
    fault(
        "protocol",
        "unknown parameters are ignored",
        (
            "app/schemas/base.py",
            '        extra="forbid", frozen=True, hide_input_in_errors=True, allow_inf_nan=False',
            '        extra="ignore", frozen=True, hide_input_in_errors=True, allow_inf_nan=False',
        ),
        kinds="protocol lists",
        requirement="A-12: unknown parameters",
    ),
    fault(
        "protocol",
        "a trailing slash is redirected",
        (_PATHS, "app.router.redirect_slashes = False", "app.router.redirect_slashes = True"),
        kinds="protocol",
        requirement="A-67: no redirect",
    ),
    fault(
        "protocol",
        "an unknown path is 200",
        (
            _PROBLEMS,
            "            return self.response(_domain_error(error))\n",
            "            answer = self.response(_domain_error(error))\n"
            '            if not hasattr(_.state, "actor") and answer.status_code == 404:\n'
            "                answer.status_code = 200\n"
            "            return answer\n",
        ),
        kinds="protocol problems health",
        requirement="A.1: 404",
    ),
    fault(
        "protocol",
        "answers may be stored",
        (
            _CONTEXT,
            '    if all(name != b"cache-control" for name, _ in headers):\n',
            "    if not headers:\n",
        ),
        kinds="headers",
        requirement="A-59: no-store",
    ),
    fault(
        "protocol",
        "types may be guessed by browsers",
        (_CONTEXT, "    told.append(_NO_SNIFFING)\n", ""),
        kinds="headers",
        requirement="A-59: nosniff",
    ),
    fault(
        "protocol",
        "the id of a request is not kept",
        (_CONTEXT, "known = len(ids) == 1 and", "known = len(ids) == 2 and"),
        kinds="headers problems",
        requirement="A-57: X-Request-Id",
    ),
    fault(
        "protocol",
        "any text is the id of a request",
        (_CONTEXT, 'rb"[A-Za-z0-9_-]{8,128}"', 'rb"[ -~]{1,4000}"'),
        kinds="headers",
        requirement="A-57: X-Request-Id",
    ),
    fault(
        "protocol",
        "an offer of another protocol ends the message",
        (
            "app/middleware/connections.py",
            "self._read_on(data[end.args[0] :])",
            "del end",
        ),
        (
            "app/middleware/connections.py",
            "self._offered = self.parser.should_upgrade()",
            "self._offered = False",
        ),
        kinds="protocol",
        requirement="S-152: no other protocol",
    ),
)
