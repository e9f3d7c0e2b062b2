"""Commands, queries, errors, events and scenarios."""

from typing import Final

from tospec.syntax.grammar.fields import INPUT
from tospec.syntax.grammar.words import (
    CONDITION,
    DESCRIPTION,
    ENTITY,
    ERROR,
    EVENT,
    FLAG,
    LINE,
    MEMBER,
    PERMISSION,
    REQUIRE,
    REQUIREMENTS,
    ROLE,
    VIEW,
)
from tospec.syntax.shapes import (
    Constant,
    Either,
    Formula,
    Key,
    Kind,
    ListOf,
    MapOf,
    Notation,
    Record,
    Text,
    Variant,
    Whole,
)

_HTTP: Final = Key(Text(Notation.HTTP, "a method and a path"), "Method and path.", required=True)
_PERMISSION: Final = Key(PERMISSION, "What the principal's role must hold.")
_PUBLIC: Final = Key(FLAG, "Whether it needs no sign-in.", default="false")
_PERSON: Final = Text(Notation.SNAKE, "a person")
_ROW: Final = Text(Notation.SNAKE, "a row")
_OPERATION: Final = Text(Notation.PASCAL, "an operation")

UPDATE_STEP: Final = Record(
    "update step",
    {
        "update": Key(Text(Notation.SNAKE, "a row"), "The row, by name.", required=True),
        "set": Key(MapOf(MEMBER, Formula("the value to store"), 1), "New values.", required=True),
    },
)
EMIT_STEP: Final = Record("emit step", {"emit": Key(EVENT, "Event to announce.", required=True)})
STEP: Final = Variant("step", {"update": UPDATE_STEP, "emit": EMIT_STEP})
COMMAND: Final = Kind(
    "command",
    Record(
        "command",
        {
            "command": Key(_OPERATION, "Name of it, an order: `ArchiveProject`.", required=True),
            "description": DESCRIPTION,
            "http": _HTTP,
            "permission": _PERMISSION,
            "public": _PUBLIC,
            "policy": Key(
                Text(Notation.SNAKE, "an action of the policy"),
                "Action of the policy that decides about the row.",
            ),
            "input": INPUT,
            "require": REQUIRE,
            "do": Key(ListOf(STEP, 1), "What it does, in order.", required=True),
            "returns": Key(VIEW, "View of the answer.", default="an answer without body"),
            "requirements": REQUIREMENTS,
        },
    ),
    "An operation that changes one row: the last parameter of its path.",
    """command: PinNote
http: POST /v1/notes/{note}/pin
permission: "note:write"
do:
  - update: note
    set: {pinned: "true"}
returns: NoteDetail""",
)
QUERY: Final = Kind(
    "query",
    Record(
        "query",
        {
            "query": Key(_OPERATION, "Name of it.", required=True),
            "description": DESCRIPTION,
            "http": _HTTP,
            "permission": _PERMISSION,
            "public": _PUBLIC,
            "of": Key(ENTITY, "Entity whose rows it lists.", required=True),
            "where": Key(CONDITION, "Which rows."),
            "sort": Key(Text(Notation.SORT, "a field"), "Order; `-` for descending."),
            "returns": Key(VIEW, "View of each row.", required=True),
            "requirements": REQUIREMENTS,
        },
    ),
    "A list of rows that is not the entity's own.",
    """query: MyNotes
http: GET /v1/me/notes
permission: "note:read"
of: Note
where: "author == principal.id"
sort: -created_at
returns: NoteSummary""",
)
BULK: Final = Kind(
    "bulk",
    Record(
        "bulk",
        {
            "bulk": Key(_OPERATION, "Name of it, an order: `ChangeNotes`.", required=True),
            "description": DESCRIPTION,
            "http": _HTTP,
            "of": Key(ENTITY, "Entity whose rows it changes.", required=True),
            "permission": Key(
                PERMISSION, "What the role must hold to ask at all; each change asks for its own."
            ),
            "transitions": Key(
                ListOf(Text(Notation.SNAKE, "a transition")), "Moves that an item may ask for."
            ),
            "update": Key(ListOf(MEMBER), "Fields and relations that an item may set."),
            "max": Key(
                Whole(5, 1000), "How many items one request may have, 100 at most as a rule."
            ),
            "requirements": REQUIREMENTS,
        },
    ),
    "Several changes in one request, `{items: [{id, do, …}], mode}`. Each item is judged as the "
    "change alone would be, and the answer has a result for each, in the order asked; with the "
    "mode `all`, an item that is refused undoes the others (409 `bulk-failed`). A request names a "
    "row once.",
    """bulk: ChangeNotes
http: POST /v1/notes/bulk
of: Note
permission: "note:write"
update: [title]
max: 100""",
)
_ERROR: Final = Record(
    "error case",
    {
        "status": Key(Whole(400, 499), "HTTP status.", required=True),
        "message": Key(LINE, "Text for people.", required=True),
    },
)
ERRORS: Final = Kind(
    "errors",
    Record(
        "errors",
        {
            "errors": Key(MapOf(ERROR, _ERROR, 1), "Error cases by code.", required=True),
            "requirements": REQUIREMENTS,
        },
    ),
    "Ways in which operations fail by rule.",
    "errors:\n  NOTE_PINNED: {status: 409, message: The note is pinned already.}",
)
_EVENT: Final = Record(
    "event",
    {
        "of": Key(ENTITY, "Entity that it is about.", required=True),
        "payload": Key(
            ListOf(Text(Notation.MEMBER, "a field, relation or computed value")),
            "What it carries; `before.x` is the value before the change.",
        ),
        "each": Key(
            Text(Notation.SNAKE, "a name"), "Name under which it carries the item of `for_each`."
        ),
        "description": DESCRIPTION,
    },
)
EVENTS: Final = Kind(
    "events",
    Record(
        "events",
        {
            "events": Key(MapOf(EVENT, _EVENT, 1), "Events by name.", required=True),
            "requirements": REQUIREMENTS,
        },
    ),
    "What the system announces.",
    "events:\n  NotePinned: {of: Note, payload: [id, title]}",
)
_VALUE: Final = Either(Constant(), ListOf(Constant()))
_GIVEN: Final = Record(
    "given",
    {
        "people": Key(MapOf(_PERSON, ROLE, 1), "People and their roles.", required=True),
        "rows": Key(
            MapOf(
                _ROW,
                Record(
                    "row",
                    {
                        "entity": Key(ENTITY, "What it is.", required=True),
                        "by": Key(_PERSON, "Who made it.", default="the first person"),
                    },
                    rest=_VALUE,
                ),
            ),
            "Rows and their values; a person, another row or `row.relation` for relations.",
        ),
    },
)
_WHEN: Final = Record(
    "when",
    {
        "as": Key(_PERSON, "Who acts.", required=True),
        "do": Key(_OPERATION, "What they do.", required=True),
        "on": Key(_ROW, "Row that it is about."),
        "with": Key(MapOf(Text(Notation.SNAKE, "an input"), Constant()), "Body that is sent."),
    },
)
_THEN: Final = Record(
    "then",
    {
        "status": Key(Whole(100, 599), "HTTP status of the answer.", required=True),
        "error": Key(LINE, "Error case, or problem of the HTTP contract."),
        "unchanged": Key(_ROW, "Row that is as before."),
        "without": Key(_ROW, "Row that the answer's list does not hold."),
        "contains": Key(_ROW, "Row that the answer's list holds."),
        "values": Key(MapOf(Text(Notation.SNAKE, "a member"), Constant()), "Values in the answer."),
    },
)
SCENARIO: Final = Kind(
    "scenario",
    Record(
        "scenario",
        {
            "scenario": Key(LINE, "What it shows, in a sentence.", required=True),
            "given": Key(_GIVEN, "The situation before.", required=True),
            "when": Key(_WHEN, "What happens.", required=True),
            "then": Key(_THEN, "What must follow.", required=True),
            "requirements": REQUIREMENTS,
        },
    ),
    "An example of how the system behaves; it becomes a test.",
    """scenario: A viewer cannot write notes
given:
  people: {vera: viewer}
when: {as: vera, do: CreateNote, with: {title: Hello}}
then: {status: 403, error: permission-denied}""",
)
