"""Routes of runs of jobs: translate HTTP, and nothing else."""

from fastapi import Request, Response

from app.api.deps import Dispatch, Permitted
from app.api.pages import Listing, page
from app.api.responses import item
from app.api.routing import Router
from app.commands.jobs.cancel_run import CancelRun
from app.core.errors import InvalidTransitionError
from app.queries.jobs.get_run import GetRun
from app.queries.jobs.list_runs import ListRuns
from app.schemas.fields import Id
from app.schemas.page import PageView
from app.schemas.runs import RunListParameters, RunView

router = Router(tags=["background"])


@router.get("/v1/runs", response_model=PageView[RunView])
async def list_runs(
    request: Request,
    actor: Permitted[ListRuns],
    listing: Listing[RunListParameters],
    dispatch: Dispatch,
) -> Response:
    """List runs of several jobs, and how far each has come; the newest first."""
    runs = await dispatch(ListRuns(listing=listing), actor=actor)
    return page(request, runs, RunView.each)


@router.get("/v1/runs/{run_id}", response_model=RunView)
async def get_run(
    request: Request, run_id: Id, actor: Permitted[GetRun], dispatch: Dispatch
) -> Response:
    """Read a run: how far it has come, and what came of it."""
    run = await dispatch(GetRun(run_id=run_id), actor=actor)
    return item(RunView.of(run), request=request)


@router.post("/v1/runs/{run_id}/cancel", response_model=RunView, raises=(InvalidTransitionError,))
async def cancel_run(run_id: Id, actor: Permitted[CancelRun], dispatch: Dispatch) -> Response:
    """Cancel a run that is not done; what it has done stays."""
    run = await dispatch(CancelRun(run_id=run_id), actor=actor)
    return item(RunView.of(run))
