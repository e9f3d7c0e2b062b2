"""Routes of the audit trail: translate HTTP, and nothing else."""

from fastapi import Request, Response

from app.api.deps import Dispatch, Permitted
from app.api.pages import Listing, page
from app.api.routing import Router
from app.queries.accounts.list_audit_entries import ListAuditEntries
from app.schemas.audit import AuditEntryListParameters, AuditEntryView
from app.schemas.page import PageView

router = Router(tags=["audit"])


@router.get("/v1/audit-entries", response_model=PageView[AuditEntryView])
async def list_audit_entries(
    request: Request,
    actor: Permitted[ListAuditEntries],
    listing: Listing[AuditEntryListParameters],
    dispatch: Dispatch,
) -> Response:
    """Read who changed what; the newest first."""
    entries = await dispatch(ListAuditEntries(listing=listing), actor=actor)
    return page(request, entries, AuditEntryView.each)
