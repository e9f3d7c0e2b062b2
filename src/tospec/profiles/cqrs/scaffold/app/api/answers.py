"""Holds answers against the schemas that the documents tell of them.

Nothing validates an answer by itself: it is made of values whose types the tables and the views
have in common. With `CHECK_ANSWERS` each one is read again, and must say what pydantic would.
"""

from functools import cache
from typing import Any

from fastapi import Response
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json


class AnswerError(RuntimeError):
    """An answer does not have the form that its operation promises: a defect."""


def check_answer(operation: APIRoute, response: Response) -> None:
    """Hold what `operation` answers in case of success against its schema.

    Raises:
        AnswerError: If it does not fit; the message tells places, and no values.
    """
    if operation.response_model is None or response.status_code != operation.status_code:
        return
    adapter = _adapter(operation.response_model)
    body = bytes(response.body)
    try:
        value = adapter.validate_json(body, by_alias=False, by_name=True)
    except ValidationError as error:
        faults = [(fault["loc"], fault["type"]) for fault in error.errors(include_input=False)]
        msg = f"{operation.name} answers what its schema does not allow: {faults}"
        raise AnswerError(msg) from None
    if from_json(adapter.dump_json(value, exclude_unset=True)) != from_json(body):
        msg = f"{operation.name} answers in another form than its schema has."
        raise AnswerError(msg)


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)
