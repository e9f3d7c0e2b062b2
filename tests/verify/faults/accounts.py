"""Sign-in, tokens and sessions that let the wrong people in."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_TOKENS: Final = "app/security/tokens.py"
_SESSIONS: Final = "app/services/sessions.py"
_PROBLEMS: Final = "app/api/problems.py"
_SIGN_IN: Final = "app/commands/accounts/sign_in.py"

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "accounts",
        "signatures of tokens are not checked",
        (
            _TOKENS,
            '                    "strict_aud": True,\n',
            '                    "strict_aud": True,\n'
            '                    "verify_signature": False,\n',
        ),
        kinds="authentication",
        requirement="A-15: 401",
        first=True,
    ),
    fault(
        "accounts",
        "tokens without signature are accepted",
        (
            _TOKENS,
            '                    "strict_aud": True,\n',
            '                    "strict_aud": True,\n'
            '                    "verify_signature": '
            'jwt.get_unverified_header(token).get("alg") != "none",\n',
        ),
        (
            _TOKENS,
            'if decoded["header"] != _HEADER:',
            'if decoded["header"].get("alg") not in {ALGORITHM, "none"}:',
        ),
        (
            _TOKENS,
            r'_FORM: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", '
            "re.ASCII)",
            r'_FORM: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*", '
            "re.ASCII)",
        ),
        kinds="authentication",
        requirement="A-15: 401",
    ),
    fault(
        "accounts",
        "401 has no challenge",
        (
            _PROBLEMS,
            '            yield "www-authenticate", f"{scheme} {_REALM}{why}"\n',
            "            yield from ()\n",
        ),
        kinds="authentication",
        requirement="A-14: WWW-Authenticate",
    ),
    fault(
        "accounts",
        "no credential is forbidden, not unauthenticated",
        (_PROBLEMS, "errors.UnauthenticatedError: 401,", "errors.UnauthenticatedError: 403,"),
        kinds="authentication sessions",
        requirement="A-14: 401",
    ),
    fault(
        "accounts",
        "one operation is public",
        (
            "app/api/deps.py",
            "        actor = await runtime(request).authenticate(_credential(request))\n",
            "        credential = (\n"
            '            request.app.state.__dict__.setdefault("last", "")\n'
            '            if self.message.__name__ == "ListLabels" '
            'and "authorization" not in request.headers\n'
            "            else _credential(request)\n"
            "        )\n"
            "        actor = await runtime(request).authenticate(credential)\n"
            '        request.app.state.__dict__["last"] = credential\n',
        ),
        kinds="authentication",
        about=("ListLabels",),
        requirement="A-14: 401",
    ),
    fault(
        "accounts",
        "people who were disabled stay signed in",
        (
            "app/repositories/refresh_tokens.py",
            "    .where(users.c.disabled_at.is_(None), _SIGN_IN)\n",
            "    .where(_SIGN_IN)\n",
        ),
        ("app/services/users.py", "        if updated.disabled:\n", "        if not values:\n"),
        kinds="authentication sessions",
        requirement="REQ-002",
    ),
    fault(
        "accounts",
        "signing out ends nothing",
        (
            "app/commands/accounts/sign_out.py",
            "            await service.end(actor.session_id)\n",
            "            del service\n",
        ),
        kinds="sessions authentication answers",
        requirement="REQ-002",
    ),
    fault(
        "accounts",
        "a refresh token is good for ever",
        (
            _SESSIONS,
            "        if token.used_at is not None:\n",
            "        if token.used_at is not None and was_used is None:\n",
        ),
        kinds="sessions",
        requirement="REQ-002",
    ),
    fault(
        "accounts",
        "the second use of a refresh token ends nothing",
        (_SESSIONS, "            if was_used:\n", "            if was_used is None:\n"),
        kinds="sessions",
        requirement="REQ-002",
    ),
    fault(
        "accounts",
        "accounts never lock",
        (
            "app/services/sign_in_guard.py",
            "        if wait > timedelta():\n",
            "        if wait > timedelta.max:\n",
        ),
        kinds="sessions",
        requirement="REQ-002",
    ),
    fault(
        "accounts",
        "accounts lock after eight failures",
        (
            "app/accounts.py",
            "failures=settings.lockout_failures,",
            "failures=settings.lockout_failures + 3,",
        ),
        kinds="sessions",
        requirement="REQ-002",
    ),
    fault(
        "accounts",
        "a lock does not say how long",
        (
            _PROBLEMS,
            "    if error.retry_after is not None:\n",
            "    if isinstance(error, errors.ServiceUnavailableError):\n",
        ),
        kinds="sessions",
        requirement="A-40: Retry-After",
    ),
    fault(
        "accounts",
        "sign-in tells which addresses have accounts",
        (
            _SIGN_IN,
            "            raise _refused(found)\n",
            "            if found is None:\n"
            "                from app.core.errors import NotFoundError\n\n"
            "                raise NotFoundError\n"
            "            raise _refused(found)\n",
        ),
        kinds="sessions authentication",
        requirement="A-15: one answer for all causes",
    ),
    fault(
        "accounts",
        "any password is right",
        (
            "app/security/passwords.py",
            "        return matches and password_hash is not None\n",
            "        return password_hash is not None\n",
        ),
        kinds="sessions authentication",
        requirement="REQ-002",
    ),
    fault(
        "accounts",
        "short passwords are taken",
        (
            "app/security/password_rules.py",
            "MIN_PASSWORD_LENGTH: Final = 12",
            "MIN_PASSWORD_LENGTH: Final = 8",
        ),
        kinds="sessions validation",
        about=("SignUp", "AcceptInvitation", "password"),
        requirement="REQ-002",
    ),
    fault(
        "accounts",
        "an invitation that was taken back still stands",
        (
            "app/repositories/invitations.py",
            "    invitations.c.accepted_at.is_(None), invitations.c.revoked_at.is_(None)\n",
            "    invitations.c.accepted_at.is_(None)\n",
        ),
        kinds="sessions answers stateful references lists",
        about=("Invitation",),
        requirement="REQ-002",
    ),
)
