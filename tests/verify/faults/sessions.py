"""Sign-ins, invitations and people, with weaknesses that a good password does not cure."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_SIGN_IN: Final = "app/commands/accounts/sign_in.py"
_SESSIONS: Final = "app/services/sessions.py"
_GUARD: Final = "app/services/sign_in_guard.py"
_INVITATIONS: Final = "app/services/invitations.py"

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "sessions",
        "an invitation stands for seventy days",
        (_INVITATIONS, "self._now + rules.lifetime", "self._now + 10 * rules.lifetime"),
        kinds="sessions answers",
        about=("Invit",),
        requirement="REQ-002",
    ),
    fault(
        "sessions",
        "an access token stands for a day",
        (
            "app/accounts.py",
            "timedelta(seconds=settings.access_token_lifetime)",
            "96 * timedelta(seconds=settings.access_token_lifetime)",
        ),
        kinds="sessions authentication",
        requirement="REQ-002",
    ),
    fault(
        "sessions",
        "an accepted invitation still stands",
        (
            "app/repositories/invitations.py",
            "    invitations.c.accepted_at.is_(None), invitations.c.revoked_at.is_(None)\n",
            "    invitations.c.revoked_at.is_(None)\n",
        ),
        kinds="sessions answers lists",
        about=("Invit",),
        requirement="REQ-002",
    ),
    fault(
        "sessions",
        "a second invitation leaves the first one standing",
        (
            _INVITATIONS,
            "            await self.revoke(earlier)\n",
            "            del earlier\n",
        ),
        (
            "migrations/versions/0001_accounts.py",
            '        op.f("uq_invitations_open"),\n'
            '        "invitations",\n'
            '        ["tenant_id", "email_key"],\n'
            "        unique=True,",
            '        op.f("uq_invitations_open"),\n'
            '        "invitations",\n'
            '        ["tenant_id", "email_key"],\n'
            "        unique=False,",
        ),
        kinds="sessions",
        about=("Invit",),
        requirement="REQ-002",
    ),
    fault(
        "sessions",
        "people who belong here are invited again",
        (
            _INVITATIONS,
            "        if await self._users.has_email(key, tenant_id=self._tenant_id):\n",
            "        if not key:\n",
        ),
        kinds="sessions unique",
        about=("Invit",),
        requirement="REQ-002",
    ),
    fault(
        "sessions",
        "whoever is invited becomes an owner",
        (
            "app/services/accounts.py",
            "invitation.email, body.name, invitation.role,",
            "invitation.email, body.name, FOUNDER,",
        ),
        kinds="sessions role-matrix",
        requirement="REQ-002",
    ),
    fault(
        "sessions",
        "admins make owners",
        (
            "app/authorization/policies/users.py",
            "    return ROLE_PERMISSIONS[role] <= ROLE_PERMISSIONS[actor.role]\n",
            "    return bool(ROLE_PERMISSIONS[role] and actor)\n",
        ),
        kinds="sessions role-matrix",
        requirement="S-077: nobody gives more than they hold",
    ),
    fault(
        "sessions",
        "admins disable owners",
        (
            "app/authorization/policies/users.py",
            "    return may_grant(actor, user.role)\n",
            "    return bool(actor and user)\n",
        ),
        (
            "app/services/users.py",
            'role = sent(changes).get("role", user.role)',
            'role = sent(changes).get("role", self._actor.role)',
        ),
        kinds="sessions role-matrix",
        requirement="S-077: nobody takes more than they hold",
    ),
    fault(
        "sessions",
        "a role lasts as long as the session",
        (
            "app/services/authentication.py",
            "            role=holder.role,\n",
            '            role=self.__dict__.setdefault("roles", {}).setdefault(\n'
            "                claims.session_id, holder.role\n"
            "            ),\n",
        ),
        kinds="sessions",
        requirement="S-020: a lost role is lost at once",
    ),
    fault(
        "sessions",
        "a process does not hear of the changes that it makes",
        (
            "app/services/authentication.py",
            "        database.when_changed(CHECKED, known.forget)\n",
            "",
        ),
        kinds="sessions",
        requirement="S-019, S-020: lost access is lost at once in the process that took it",
        first=True,
    ),
    fault(
        "sessions",
        "a process hears of changed people only",
        (
            "app/services/authentication.py",
            "database.when_changed(CHECKED, known.forget)",
            "database.when_changed(\n"
            '            [each for each in CHECKED if each.name == "users"], known.forget\n'
            "        )",
        ),
        kinds="sessions",
        requirement="S-022: signing out ends the access token",
    ),
    fault(
        "sessions",
        "a session is known by its tenant alone",
        (
            "app/services/known_sessions.py",
            "        known[claims] = actor, until\n",
            "        known[claims] = known.setdefault(next(iter(known), claims), (actor, until))\n",
        ),
        kinds="sessions role-matrix",
        requirement="REQ-003: everybody acts as themselves",
    ),
    fault(
        "sessions",
        "addresses in another case are other accounts",
        (
            "app/models/email.py",
            'unicodedata.normalize("NFKC", email).casefold()',
            'unicodedata.normalize("NFKC", email)',
        ),
        kinds="sessions unique",
        requirement="REQ-002",
    ),
    fault(
        "sessions",
        "a success does not forgive failures",
        (_GUARD, " or any(_succeeded(each) for each in latest):", ":"),
        kinds="sessions",
        requirement="REQ-002",
    ),
    fault(
        "sessions",
        "a locked account opens to the right password",
        (
            _SIGN_IN,
            "        attempt_id, found = await self._admit(email_key(body.email))\n",
            "        from app.core.errors import TooManyAttemptsError\n\n"
            "        try:\n"
            "            attempt_id, found = await self._admit(email_key(body.email))\n"
            "        except TooManyAttemptsError:\n"
            "            async with self._database.begin_accounts() as transaction:\n"
            "                found = await AccountLookup(transaction).credentials(\n"
            "                    email_key(body.email)\n"
            "                )\n"
            "            if found is None:\n"
            "                raise\n"
            "            if not await self._passwords.verify(found.password_hash, password):\n"
            "                raise\n"
            "            return await self._start(found, password)\n",
        ),
        kinds="sessions",
        requirement="REQ-002",
    ),
    fault(
        "sessions",
        "only addresses with an account lock",
        (
            _SIGN_IN,
            "        if accepted is None:\n",
            "        if found is None:\n"
            "            from sqlalchemy import delete\n\n"
            "            from app.models.sign_in_attempt import sign_in_attempts\n\n"
            "            async with self._database.begin_accounts() as transaction:\n"
            "                await transaction.execute(\n"
            "                    delete(sign_in_attempts).where(\n"
            "                        sign_in_attempts.c.id == attempt_id\n"
            "                    )\n"
            "                )\n"
            "        if accepted is None:\n",
        ),
        kinds="sessions",
        requirement="S-180: nobody learns which addresses have accounts",
    ),
    fault(
        "sessions",
        "a refresh revives a session that ended",
        (
            _SESSIONS,
            "        return holder is not None and not holder.suspended\n",
            "        return holder is None or not holder.suspended\n",
        ),
        kinds="sessions authentication",
        requirement="REQ-002",
    ),
    fault(
        "sessions",
        "people who are disabled sign in",
        (
            _SIGN_IN,
            "found is not None and matches and not found.disabled else None",
            "found is not None and matches else None",
        ),
        kinds="sessions",
        requirement="REQ-002",
    ),
    fault(
        "sessions",
        "everybody is told that they may do everything",
        (
            "app/queries/accounts/get_me.py",
            "permissions=sorted(ROLE_PERMISSIONS[actor.role])",
            "permissions=sorted(set().union(*ROLE_PERMISSIONS.values()))",
        ),
        kinds="answers sessions authentication role-matrix",
        about=("GetMe",),
        requirement="REQ-003",
    ),
    fault(
        "sessions",
        "spaces around a password do not matter",
        (
            _SIGN_IN,
            "password = body.password.get_secret_value()",
            "password = body.password.get_secret_value().strip()",
        ),
        kinds="sessions",
        requirement="S-184: verified exactly as sent",
    ),
    fault(
        "sessions",
        "only the beginning of a password counts",
        (
            "app/security/passwords.py",
            "            return self._argon2.verify(password_hash, password)\n",
            "            return self._argon2.verify(password_hash, password[:64])\n",
        ),
        (
            "app/security/passwords.py",
            "run_in_executor(self._threads, self._argon2.hash, password)",
            "run_in_executor(self._threads, self._argon2.hash, password[:64])",
        ),
        kinds="sessions",
        requirement="S-184: no truncation",
    ),
    fault(
        "sessions",
        "long passwords are refused",
        (
            "app/security/password_rules.py",
            "MAX_PASSWORD_LENGTH: Final = 128",
            "MAX_PASSWORD_LENGTH: Final = 64",
        ),
        kinds="sessions",
        requirement="REQ-002",
    ),
    fault(
        "sessions",
        "two refreshes at once both win",
        (
            _SESSIONS,
            "            if was_used:\n"
            "                await self._revoke_stolen(token)\n"
            "            return None\n",
            "            if was_used:\n"
            "                await self._revoke_stolen(token)\n"
            "                return None\n",
        ),
        kinds="races sessions",
        requirement="S-024: one of two refreshes",
    ),
)
