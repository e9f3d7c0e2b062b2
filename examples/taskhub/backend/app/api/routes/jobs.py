"""Routes of jobs and schedules: translate HTTP, and nothing else."""

from fastapi import Request, Response

from app.api.deps import Dispatch, Permitted
from app.api.pages import Listing, page
from app.api.payload import JsonBody
from app.api.responses import item
from app.api.routing import Router
from app.commands.jobs.cancel_job import CancelJob
from app.commands.jobs.discard_job import DiscardJob
from app.commands.jobs.discard_jobs import DiscardJobs
from app.commands.jobs.replay_job import ReplayJob
from app.commands.jobs.replay_jobs import ReplayJobs
from app.core.errors import InvalidTransitionError
from app.queries.jobs.get_job import GetJob
from app.queries.jobs.list_jobs import ListJobs
from app.queries.jobs.list_schedules import ListSchedules
from app.schemas.fields import Id
from app.schemas.jobs import (
    JobDetail,
    JobDiscard,
    JobListParameters,
    JobsDiscard,
    JobsDiscardedView,
    JobsReplay,
    JobsReplayedView,
    JobSummary,
    SchedulesView,
)
from app.schemas.page import PageView

router = Router(tags=["background"])


@router.get("/v1/jobs", response_model=PageView[JobSummary])
async def list_jobs(
    request: Request,
    actor: Permitted[ListJobs],
    listing: Listing[JobListParameters],
    dispatch: Dispatch,
) -> Response:
    """List jobs; the newest first."""
    jobs = await dispatch(ListJobs(listing=listing), actor=actor)
    return page(request, jobs, JobSummary.each)


@router.post("/v1/jobs/replay", response_model=JobsReplayedView)
async def replay_jobs(
    actor: Permitted[ReplayJobs], body: JsonBody[JobsReplay], dispatch: Dispatch
) -> Response:
    """Run some or all dead jobs again."""
    replayed = await dispatch(ReplayJobs(body=body), actor=actor)
    return item(JobsReplayedView(replayed=replayed))


@router.post("/v1/jobs/discard", response_model=JobsDiscardedView)
async def discard_jobs(
    actor: Permitted[DiscardJobs], body: JsonBody[JobsDiscard], dispatch: Dispatch
) -> Response:
    """Give some dead jobs up for good."""
    discarded = await dispatch(DiscardJobs(body=body), actor=actor)
    return item(JobsDiscardedView(discarded=discarded))


@router.get("/v1/jobs/{job_id}", response_model=JobDetail)
async def get_job(
    request: Request, job_id: Id, actor: Permitted[GetJob], dispatch: Dispatch
) -> Response:
    """Read a job, and what became of its attempts."""
    job = await dispatch(GetJob(job_id=job_id), actor=actor)
    return item(JobDetail.of(job), request=request)


@router.post("/v1/jobs/{job_id}/replay", response_model=JobDetail, raises=(InvalidTransitionError,))
async def replay_job(job_id: Id, actor: Permitted[ReplayJob], dispatch: Dispatch) -> Response:
    """Run a dead job again, from where it broke off."""
    job = await dispatch(ReplayJob(job_id=job_id), actor=actor)
    return item(JobDetail.of(job))


@router.post("/v1/jobs/{job_id}/cancel", response_model=JobDetail, raises=(InvalidTransitionError,))
async def cancel_job(job_id: Id, actor: Permitted[CancelJob], dispatch: Dispatch) -> Response:
    """Cancel a job that is not done; what it has done stays."""
    job = await dispatch(CancelJob(job_id=job_id), actor=actor)
    return item(JobDetail.of(job))


@router.post(
    "/v1/jobs/{job_id}/discard", response_model=JobDetail, raises=(InvalidTransitionError,)
)
async def discard_job(
    job_id: Id, actor: Permitted[DiscardJob], body: JsonBody[JobDiscard], dispatch: Dispatch
) -> Response:
    """Give a dead job up for good; what became of its attempts stays."""
    job = await dispatch(DiscardJob(job_id=job_id, body=body), actor=actor)
    return item(JobDetail.of(job))


@router.get("/v1/schedules", response_model=SchedulesView)
async def list_schedules(actor: Permitted[ListSchedules], dispatch: Dispatch) -> Response:
    """List schedules, and when they fire next."""
    schedules = await dispatch(ListSchedules(), actor=actor)
    return item(SchedulesView.model_validate({"items": schedules}, from_attributes=True))
