"""The problem document (RFC 9457), for the documentation of the API."""

from pydantic import BaseModel, ConfigDict, Field


class ProblemError(BaseModel):
    """One fault of the input."""

    pointer: str | None = Field(default=None, description="JSON pointer into the body.")
    parameter: str | None = Field(default=None, description="Name of the parameter.")
    code: str
    detail: str


class Problem(BaseModel):
    """Why a request was not carried out."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="URI of the problem type; resolves to its description.")
    title: str
    status: int
    detail: str
    instance: str = Field(description="`urn:uuid:` and the id of the request.")
    code: str = Field(description="Stable name of the problem for programs.")
    errors: list[ProblemError] | None = None
    truncated: bool | None = None
