"""Wire format of several changes asked for at once."""

from typing import Annotated, Any, Final, Literal, NamedTuple
from uuid import UUID

from pydantic import AfterValidator, Field, WrapValidator
from pydantic import ValidationError as SchemaError
from pydantic_core import InitErrorDetails, PydanticCustomError

from app.core.preconditions import NO_PRECONDITION, Precondition, entity_tag
from app.schemas.base import Changes, Input, View, sent
from app.schemas.fields import INT64_END, Id
from app.schemas.problem import Problem

CHANGE: Final = "do"


class _Seen(NamedTuple):
    id: UUID
    version: int


class BulkItem(Input):
    """One change: the object that it is about; a subclass says what is to be done."""

    id: Id


class VersionedItem(BulkItem):
    """One change of an object that has versions."""

    version: Annotated[
        int | None,
        Field(ge=1, lt=INT64_END, description="The version in which the object is expected."),
    ] = None


class BulkInput(Input):
    """Several changes; a subclass says which there may be."""

    mode: Annotated[
        Literal["each", "all"],
        Field(description="`each` by itself, or `all` of them or none."),
    ] = "each"


class BulkResult[V: View](View):
    """What became of one item."""

    id: UUID
    status: Annotated[int, Field(description="What the change alone would have answered.")]
    item: V | None = None
    problem: Problem | None = None


class BulkView[V: View](View):
    """What became of each item, in the order of the request."""

    results: list[BulkResult[V]]
    succeeded: int
    failed: int


def condition_of(item: VersionedItem) -> Precondition:
    """Return what `item` asks of the object's version."""
    if item.version is None:
        return NO_PRECONDITION
    return Precondition(tags=frozenset({entity_tag(_Seen(item.id, item.version))}))


def changes_of[C: Changes](item: BulkItem, wanted: type[C]) -> C:
    """Return the changes that `item` asks for."""
    values = {name: value for name, value in sent(item).items() if name in wanted.model_fields}
    return wanted.model_validate(values)


def _once[I: BulkItem](items: list[I]) -> list[I]:
    if len({item.id for item in items}) != len(items):
        code = "not_distinct"
        raise PydanticCustomError(code, "Must not name an object twice.")
    return items


def _told_of_item(value: Any, handler: Any) -> Any:
    """Leave the name of the change out of the places of faults: no body has it there."""
    try:
        return handler(value)
    except SchemaError as error:
        faults = error.errors(include_url=False)
        raise SchemaError.from_exception_data(
            error.title, [_told(each) for each in faults]
        ) from None


def _told(fault: Any) -> InitErrorDetails:
    kind, place, context = fault["type"], fault["loc"][1:], fault.get("ctx")
    if kind == "union_tag_not_found":
        kind, place = "missing", (CHANGE,)
    elif kind == "union_tag_invalid":
        kind, place, context = "literal_error", (CHANGE,), {"expected": context["expected_tags"]}
    error = PydanticCustomError(kind, fault["msg"], context)
    return InitErrorDetails(type=error, loc=place, input=fault["input"])


Once: Final = AfterValidator(_once)
"""Refuses a list that names an object twice."""

Told: Final = WrapValidator(_told_of_item)
"""Tells the faults of an item at its own members, whichever change it asks for."""
