"""The lists of accounts, the audit trail and jobs: what they hold, and how tests ask for them."""

from typing import Any, Final

from sqlalchemy import Table, select

from app.authorization.permissions import MANAGE_JOBS, READ_AUDIT, ROLE_PERMISSIONS, Role
from app.models.audit_entry import AuditEntry, audit_entries
from app.models.base import hydrate
from app.models.invitation import Invitation, invitations
from app.models.job import Job, jobs
from app.models.user import User, users
from tests.cases import Arrange, Call, MakeRow, Operation
from tests.jobs.deeds import enqueue
from tests.requirements import ACCOUNTS, AUDIT, JOBS
from tests.roles import COLLEAGUE, MANAGERS
from tests.world import Person, number


async def _user(by: Person, call: Call, /, **values: Any) -> User:
    """Return somebody: there are people in every tenant."""
    return await _last(by, users, User)


async def _invitation(by: Person, call: Call, /, **values: Any) -> Invitation:
    """Invite somebody."""
    await _invite(by)
    return await _last(by, invitations, Invitation)


async def _audit_entry(by: Person, call: Call, /, **values: Any) -> AuditEntry:
    """Do something that leaves an entry."""
    await _invite(by)
    return await _last(by, audit_entries, AuditEntry)


async def _job(by: Person, call: Call, /, **values: Any) -> Job:
    """Queue a job."""
    await enqueue(by.database, by.tenant_id, "listed")
    return await _last(by, jobs, Job)


async def _invite(by: Person) -> None:
    body = {"email": f"guest-{number()}@example.test", "role": COLLEAGUE}
    response = await by.post("/v1/invitations", body)
    assert response.status_code == 201, response.text


async def _last[M](by: Person, table: Table, model: type[M]) -> M:
    rows = select(table).where(table.c.tenant_id == by.tenant_id)
    async with by.database.read(by.tenant_id) as transaction:
        found = await transaction.all(rows.order_by(table.c.id.desc()).limit(1))
    return hydrate(model, found[0])


def _asking(path: str) -> Arrange:
    async def arrange(by: Person, /, **values: Any) -> Call:
        return Call(method="GET", path=path)

    return arrange


def _list(
    name: str, path: str, row: MakeRow, roles: tuple[Role, ...], requirements: tuple[str, ...]
) -> Operation:
    return Operation(
        name=name,
        method="GET",
        path=path,
        arrange=_asking(path),
        success=200,
        roles=roles,
        requirements=requirements,
        row=row,
    )


_READERS: Final = tuple(each for each in MANAGERS if READ_AUDIT in ROLE_PERMISSIONS[each])

_OPERATORS: Final = tuple(each for each in Role if MANAGE_JOBS in ROLE_PERMISSIONS[each])

LISTS: Final[tuple[Operation, ...]] = tuple(
    each
    for each in (
        _list("ListUsers", "/v1/users", _user, MANAGERS, ACCOUNTS),
        _list("ListInvitations", "/v1/invitations", _invitation, MANAGERS, ACCOUNTS),
        _list("ListAuditEntries", "/v1/audit-entries", _audit_entry, _READERS, AUDIT),
        _list("ListJobs", "/v1/jobs", _job, _OPERATORS, JOBS),
    )
    if each.roles
)
"""Those that somebody may ask for who can also fill them."""
