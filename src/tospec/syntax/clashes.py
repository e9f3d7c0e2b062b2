"""Names in the code that follow from those of a spec: no two things have one.

The classes, methods and tables of a backend are called after what a spec declares. What each is
called is said here once more, so that a spec with two things of one name is refused with its
place, before anything is generated.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from tospec.model import Bulk, Entity, ErrorCase, Field, FieldType, Generated, Kind, Operation, View
from tospec.python import pascal, plural, snake
from tospec.source import Span
from tospec.syntax import codes
from tospec.syntax.conventions.rest_1 import singular
from tospec.syntax.declaring import Catalogue, enum_class, error_class
from tospec.syntax.names import PLATFORM_CLASSES
from tospec.syntax.problems import Problems

type _Named = tuple[str, str, Span]
"""A name, what it is called so, and where that stands."""

_OF_FILES: Final = frozenset(
    {"Content", "FileBody", "FileContent", "FileRouter", "FileStore", "StoredFile", "Upload"}
)
_OF_STORAGE: Final = (
    "STORAGE_ACCESS_KEY",
    "STORAGE_ENDPOINT",
    "STORAGE_REGION",
    "STORAGE_SECRET_KEY",
    "STORAGE_URL",
)
_OF_EVERY_BULK: Final = (
    "Bulk",
    "BulkFailedError",
    "BulkInput",
    "BulkItem",
    "BulkView",
    "Once",
    "Outcome",
    "Part",
    "Told",
    "VersionedItem",
)
_OF_JOBS: Final = frozenset(
    {
        *("Background", "Batch", "BatchedRepository", "CatchUp", "EachRow", "Job", "JobState"),
        *("Overlap", "Priority", "Purge", "Retry", "Schedule", "Work"),
    }
)
"""Entities, jobs and views whose classes, tables or modules backends with jobs have already."""
_SETTINGS_OF_JOBS: Final = (
    "BROKER_URL",
    "CLOCK_FILE",
    "EMBEDDED_WORKER",
    "EMBEDS_WORKER",
    "JOBS_KEEP",
    "WORKER_JOBS",
    "WORKER_JOBS_PER_TENANT",
    "WORKER_LEASE",
    "WORKER_POLL",
)
_TABLES_OF_JOBS: Final = ("jobs", "paused_jobs", "schedule_firings", "workers")
_OF_WEBHOOKS: Final = frozenset(
    {
        *("IssuedWebhook", "Webhook", "WebhookDelivery", "WebhookDeliveryState"),
        *("WebhookDisabled", "WebhookDisabledBecause", "WebhookEvent", "WebhookInactiveError"),
        *("WebhookInput", "WebhookLimitError", "WebhookUpdate"),
    }
)
"""Entities and views whose classes, tables or modules backends with webhooks have already."""
_SETTINGS_OF_WEBHOOKS: Final = ("WEBHOOKS_AT_ONCE", "WEBHOOKS_INSECURE", "WEBHOOKS_KEEP")
_OF_MESSAGES: Final = frozenset({"ReceivedMessage"})
"""Entities whose classes or tables backends have already that take in messages."""
_SETTINGS_OF_MESSAGES: Final = ("MESSAGE_LIMIT_REQUESTS", "MESSAGE_LIMIT_WITHIN")
_OF_KEPT_ANSWERS: Final = ("Cache", "Kept", "Subject", "WatchedDatabase", "WatchedRepository")
OF_REPOSITORIES: Final = frozenset(
    {
        *("add_links", "added", "addition", "alteration", "among", "asked", "batch", "change"),
        *(
            "change_row",
            "changed",
            "check",
            "columns",
            "computed",
            "counted",
            "counters",
            "defaults",
        ),
        *("delete", "delete_all", "deleted", "end_answers", "entity", "existing", "exists"),
        *("fill_numbers", "filtered", "filters", "find", "finding_and_question", "forget"),
        *("forgetting", "found", "found_and_asked", "found_by", "generated", "get"),
        *("get_for_update", "gone", "held", "hold_trees", "holds", "in_lists", "insert"),
        *("inserted", "insertion", "is_deleted", "is_there", "judged", "keeps_deleted"),
        *(
            "leads_nowhere",
            "link",
            "links",
            "listed",
            "lock",
            "maker",
            "matching",
            "model",
            "named",
        ),
        *(
            "names",
            "needs",
            "optional",
            "page",
            "parameters",
            "place",
            "present",
            "question",
            "refuse",
            "required",
        ),
        *("referring", "removed", "replace_links", "restore", "row", "scoped", "searched", "split"),
        *("stored", "table", "tells", "tells_of", "touched", "transaction", "trees", "turn"),
        *("unlink", "unlisted", "update", "values", "words_of"),
    }
)
"""What repositories call their own, in public or not."""
_OF_SERVICES: Final = frozenset({"get_for_update", "get_to_restore", "remove"})
_CRUD: Final = (Kind.CREATE, Kind.UPDATE, Kind.DELETE, Kind.RESTORE)


def check_clashes(
    entities: Iterable[Entity],
    operations: Iterable[Operation],
    views: Iterable[View],
    errors: Iterable[ErrorCase],
    names: Catalogue,
) -> None:
    """Report things that would have one name in the code or in the database."""
    own = [entity for entity in entities if not entity.built_in]
    done = [operation for operation in operations if operation.kind is not Kind.ACCOUNT]
    views = tuple(views)
    for name, what, span in (*_of_views(views), *_of_operations(done)):
        names.add_class(name, what, span)
        if name in PLATFORM_CLASSES:
            message = f"The {what} would be called '{name}', which every backend has."
            names.problems.add(codes.RESERVED_NAME, span, message, "Give it another name.")
    for error in errors:
        names.add_class(error_class(error.code), f"error case {error.code}", error.span)
    _check_parts(done, names.problems)
    for entity in own:
        methods = _methods(each for each in done if each.entity == entity.name)
        _require_distinct(methods, f"be a method of {entity.name} called", names.problems)
        _check_links(entity, names.problems)
        functions = _functions(entity, done, views)
        _require_distinct(functions, "be computed by a function called", names.problems)
    if any(entity.file for entity in own):
        _check_files(own, names)
    _require_distinct(_tables(own), "be a table called", names.problems)
    held = names.permissions.spans.items()
    constants = ((name.replace(":", "_"), f"'{name}'", span) for name, span in held)
    _require_distinct(constants, "be a permission called", names.problems)


def _check_parts(operations: Iterable[Operation], problems: Problems) -> None:
    """Report operations called like methods of the classes that carry them out."""
    for operation in operations:
        asks = operation.kind is Kind.MEASURE or (
            operation.kind is Kind.LIST and operation.origin == "spec"
        )
        name, where = snake(operation.name), "repository" if asks else "service"
        taken = OF_REPOSITORIES if asks else _OF_SERVICES
        if name in taken and operation.origin == "spec":
            message = f"'{name}' is a part of every {where}."
            help_ = "Give the operation another name."
            problems.add(codes.RESERVED_NAME, operation.span, message, help_)


def _check_files(own: Iterable[Entity], names: Catalogue) -> None:
    """Report entities and settings called like parts of a backend that keeps files."""
    settings = set(_OF_STORAGE)
    for entity in own:
        if entity.name in _OF_FILES:
            message = f"'{entity.name}' is a part of every backend that keeps files."
            help_ = "Give the entity another name."
            names.problems.add(codes.RESERVED_NAME, entity.span, message, help_)
        if entity.file:
            settings.add(f"{snake(entity.name)}_media_types".upper())
    for setting, span in names.settings.spans.items():
        if setting in settings:
            message = f"A backend that keeps files has the setting '{setting}' already."
            help_ = "Give the setting another name."
            names.problems.add(codes.RESERVED_NAME, span, message, help_)


def check_job_names(names: Catalogue) -> None:
    """Report things called like parts of a backend that does background work."""
    entities = names.entities.spans
    for name, span in (*entities.items(), *names.jobs.spans.items(), *names.views.spans.items()):
        is_table = name in entities and plural(snake(name)) in _TABLES_OF_JOBS
        if span.file and (is_table or name in _OF_JOBS):
            message = f"'{name}' is a part of every backend that has jobs."
            names.problems.add(codes.RESERVED_NAME, span, message, "Give it another name.")
    for setting, span in names.settings.spans.items():
        if setting in _SETTINGS_OF_JOBS:
            message = f"A backend that has jobs has the setting '{setting}' already."
            help_ = "Give the setting another name."
            names.problems.add(codes.RESERVED_NAME, span, message, help_)


def check_webhook_names(names: Catalogue) -> None:
    """Report things called like parts of a backend that delivers to webhooks."""
    for name, span in (*names.entities.spans.items(), *names.views.spans.items()):
        if span.file and name in _OF_WEBHOOKS:
            message = f"'{name}' is a part of every backend that has webhooks."
            names.problems.add(codes.RESERVED_NAME, span, message, "Give it another name.")
    for setting, span in names.settings.spans.items():
        if setting in _SETTINGS_OF_WEBHOOKS:
            message = f"A backend that has webhooks has the setting '{setting}' already."
            help_ = "Give the setting another name."
            names.problems.add(codes.RESERVED_NAME, span, message, help_)


def check_message_names(names: Catalogue) -> None:
    """Report things called like parts of a backend that takes in messages of other services."""
    for name, span in names.entities.spans.items():
        if span.file and name in _OF_MESSAGES:
            message = f"'{name}' is a part of every backend that takes in messages."
            names.problems.add(codes.RESERVED_NAME, span, message, "Give it another name.")
    for setting, span in names.settings.spans.items():
        if setting in _SETTINGS_OF_MESSAGES:
            message = f"A backend that takes in messages has the setting '{setting}' already."
            help_ = "Give the setting another name."
            names.problems.add(codes.RESERVED_NAME, span, message, help_)


def check_bulk_names(bulks: Iterable[Bulk], names: Catalogue) -> None:
    """Report bulks whose classes, or those that all bulks share, have the name of other things."""
    for bulk in bulks:
        for name in _OF_EVERY_BULK:
            names.add_class(name, "part of every bulk", bulk.span)
        changes = (*bulk.transitions, *(("update",) if bulk.update else ()))
        for suffix in ("Handler", "Input", *map(pascal, changes)):
            names.add_class(f"{bulk.name}{suffix}", f"part of {bulk.name}", bulk.span)


def _of_views(views: Iterable[View]) -> Iterator[_Named]:
    for view in views:
        if view.name == view.of:
            yield f"{view.name}View", f"class of view {view.name}", view.span


def _of_operations(operations: Iterable[Operation]) -> Iterator[_Named]:
    for operation in operations:
        yield f"{operation.name}Handler", f"handler of {operation.name}", operation.span
        if operation.kind is Kind.LIST and operation.origin == "spec":
            yield f"{operation.name}Parameters", f"query of {operation.name}", operation.span
        if operation.kind is Kind.MEASURE:
            yield f"{operation.name}View", f"answer of {operation.name}", operation.span
        for name in _OF_KEPT_ANSWERS if operation.keeping else ():
            yield name, "part of every backend that keeps answers", operation.span
        if operation.input:
            yield from _of_input(operation)


def _of_input(operation: Operation) -> Iterator[_Named]:
    body = f"{operation.name}Input"
    if operation.transition:
        body = f"{operation.entity}{pascal(operation.transition)}"
    yield body, f"input of {operation.name}", operation.span
    for field in operation.input:
        if field.type is FieldType.ENUM:
            yield enum_class(body, field.name), f"enum of {operation.name}", field.span


def _methods(operations: Iterable[Operation]) -> Iterator[_Named]:
    for operation in operations:
        if not operation.kind.is_query:
            yield _method(operation), operation.name, operation.span


def _functions(
    entity: Entity, operations: Iterable[Operation], views: Iterable[View]
) -> Iterator[_Named]:
    """Yield what computes the values of an entity, and what is measured about its rows."""
    for computed in entity.computed:
        yield computed.name, f"{entity.name}.{computed.name}", computed.span
    answers = {view.name: view for view in views}
    for operation in operations:
        if operation.kind is Kind.MEASURE and operation.entity == entity.name:
            for each in answers[operation.view or ""].measures:
                name = f"{snake(operation.name)}_{each.name}"
                yield name, f"{operation.name}.{each.name}", each.span


def _method(operation: Operation) -> str:
    if operation.transition:
        return operation.transition
    if operation.relation:
        return f"{operation.kind.value}_{singular(operation.relation)}"
    return operation.kind.value if operation.kind in _CRUD else snake(operation.name)


def _tables(entities: Iterable[Entity]) -> Iterator[_Named]:
    for entity in entities:
        row = snake(entity.name)
        yield plural(row), entity.name, entity.span
        for relation in entity.relations:
            if relation.many:
                table = f"{row}_{relation.name}"
                yield table, f"{entity.name}.{relation.name}", relation.span
        for field in _sequences(entity):
            yield f"{row}_{field.name}_counters", f"{entity.name}.{field.name}", field.span
        if entity.listing.search:
            yield f"{row}_words", f"the search in {plural(row)}", entity.listing.span


def _sequences(entity: Entity) -> Iterator[Field]:
    return (field for field in entity.fields if field.generated is Generated.SEQUENCE)


def _check_links(entity: Entity, problems: Problems) -> None:
    """Report a relation of an entity to itself whose links name both rows alike."""
    row = snake(entity.name)
    for relation in entity.relations:
        if relation.many and relation.to == entity.name and singular(relation.name) == row:
            message = f"Both ends of a link would be called '{row}_id'."
            help_ = f"Call the relation after what the other {row} is, such as `related`."
            problems.add(codes.CLASS_CLASH, relation.span, message, help_)


def _require_distinct(named: Iterable[_Named], be_called: str, problems: Problems) -> None:
    first: dict[str, tuple[str, Span]] = {}
    for name, what, span in named:
        other, other_span = first.setdefault(name, (what, span))
        if other != what:
            message = f"{other} and {what} would both {be_called} '{name}'."
            related = ((other_span, f"{other} is here."),)
            problems.add(codes.CLASS_CLASH, span, message, "Rename one of them.", related)
