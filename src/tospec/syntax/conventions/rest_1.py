"""rest-1: paths and names of the operations that follow from an entity, and the known problems."""

from typing import Final

from tospec.python import kebab, pascal, plural, snake
from tospec.syntax.declaring import variable

NAME: Final = "rest-1"
PREFIX: Final = "/v1"
DEFAULT_SORT: Final = "-created_at"
KEEP: Final = 86_400
"""Seconds for which the first answer to an `Idempotency-Key` is given again."""
PROBLEMS: Final = (
    "ambiguous-credentials",
    "bad-request",
    "bulk-failed",
    "concurrent-update",
    "conflict",
    "conflict-referenced",
    "conflict-unique",
    "content-too-large",
    "headers-too-large",
    "idempotency-in-progress",
    "idempotency-key-invalid",
    "idempotency-key-reused",
    "internal-error",
    "invalid-cursor",
    "invalid-reference",
    "invalid-transition",
    "malformed-json",
    "method-not-allowed",
    "not-acceptable",
    "not-deleted",
    "not-found",
    "permission-denied",
    "precondition-failed",
    "precondition-required",
    "quota-exceeded",
    "reference-deleted",
    "request-timeout",
    "service-unavailable",
    "tenant-suspended",
    "too-many-attempts",
    "unauthenticated",
    "unsupported-media-type",
    "uri-too-long",
    "validation-error",
)
"""Problems of the HTTP contract that are no error cases of a spec."""
TAKEN_PATHS: Final = ("/openapi.json", "/docs", "/health", "/livez", "/readyz", "/metrics")
TAKEN_FIRST_PARTS: Final = ("problems", "docs")


def collection(entity: str) -> str:
    """Return the path of all rows of an entity."""
    return f"{PREFIX}/{_plural(entity)}"


def item(entity: str) -> str:
    """Return the path of one row."""
    return f"{collection(entity)}/{{{variable(entity)}}}"


def below(owner: str, entity: str) -> str:
    """Return the path of the rows that belong to a row of `owner`."""
    return f"{item(owner)}/{_plural(entity)}"


def transition_path(entity: str, transition: str) -> str:
    """Return the path of a move."""
    return f"{item(entity)}/{kebab(transition)}"


def content_path(entity: str) -> str:
    """Return the path of the bytes of a row that is a file."""
    return f"{item(entity)}/content"


def link_path(entity: str, relation: str, target: str) -> str:
    """Return the path of one link of a relation to many."""
    return f"{item(entity)}/{kebab(relation)}/{{{variable(target)}}}"


def crud_name(verb: str, entity: str) -> str:
    """Return the name of an operation on single rows, or of the list of rows."""
    words = {"read": "Get", "list": "List"}
    noun = pascal(plural(snake(entity))) if verb == "list" else entity
    return f"{words.get(verb, verb.capitalize())}{noun}"


def deleted_name(entity: str) -> str:
    """Return the name of the operation that lists the deleted rows which may be restored."""
    return f"ListDeleted{pascal(plural(snake(entity)))}"


def deleted_path(entity: str) -> str:
    """Return the path of the deleted rows which may be restored."""
    return f"{PREFIX}/deleted-{_plural(entity)}"


def download_name(entity: str) -> str:
    """Return the name of the operation that hands out the bytes of a file."""
    return f"Download{entity}"


def transition_name(entity: str, transition: str) -> str:
    """Return the name of the operation that makes a move."""
    return f"{pascal(transition)}{entity}"


def link_names(entity: str, relation: str) -> tuple[str, str]:
    """Return the names of the operations that add and remove one link."""
    noun = f"{entity}{pascal(singular(relation))}"
    return f"Link{noun}", f"Unlink{noun}"


def singular(noun: str) -> str:
    """Return a plural's singular; the noun itself when no rule leads to it."""
    for ending, replacement in (("ies", "y"), ("es", ""), ("s", ""), ("ves", "f"), ("ves", "fe")):
        candidate = noun.removesuffix(ending) + replacement
        if noun.endswith(ending) and plural(candidate) == noun:
            return candidate
    return noun


def default_view(entity: str) -> str:
    """Return the name of the view of an entity that names none."""
    return f"{entity}View"


def _plural(entity: str) -> str:
    return kebab(plural(snake(entity)))
