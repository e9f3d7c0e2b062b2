"""Entities and their views."""

from typing import Final

from tospec.model import Moment, OnDelete, Write
from tospec.syntax.grammar.fields import FIELDS, INPUT
from tospec.syntax.grammar.words import (
    ACTION,
    CONDITION,
    CONDITION_WITH_ERROR,
    DESCRIPTION,
    ENTITY,
    ERROR,
    EVENT,
    FLAG,
    MEDIA_TYPE,
    MEMBER,
    PERMISSION,
    REQUIRE,
    REQUIREMENTS,
    SIZE,
    STATE,
    VIEW,
)
from tospec.syntax.shapes import (
    Choice,
    Either,
    Formula,
    Key,
    Kind,
    ListOf,
    MapOf,
    Notation,
    Record,
    Text,
    Whole,
)

_ON_EVERY_ROW: Final = ("create", "read", "list", "update", "delete")
CRUD: Final = (*_ON_EVERY_ROW, "restore")
_TREE: Final = Record(
    "tree",
    {
        "max_depth": Key(Whole(1, 1000), "Greatest number of levels.", required=True),
        "else": Key(ERROR, "Error case of a cycle or of too many levels.", required=True),
    },
)
RELATION: Final = Record(
    "relation",
    {
        "to": Key(ENTITY, "Entity at the other end.", required=True),
        "inverse": Key(
            Text(Notation.SNAKE, "a name"), "Name of the relation as seen from the other end."
        ),
        "many": Key(FLAG, "Whether a row refers to many rows.", default="false"),
        "optional": Key(FLAG, "Whether it may be null.", default="false"),
        "immutable": Key(FLAG, "Whether it stays as created.", default="false"),
        "generated": Key(Choice(("principal",)), "Filled with who creates the row."),
        "on_delete": Key(
            Choice(tuple(OnDelete)), "What happens when the other row goes.", default="restrict"
        ),
        "write": Key(
            Choice(tuple(Write)),
            "For `many`: written in the body, or by routes that add and remove one link.",
            default="body",
        ),
        "permission": Key(PERMISSION, "For `write: links`: permission to add and remove."),
        "max": Key(Whole(1, 100_000), "For `many`: greatest number of links."),
        "tree": Key(_TREE, "For a relation to the same entity: it forms trees."),
        "description": DESCRIPTION,
    },
)
_UNIQUE: Final = Record(
    "unique",
    {
        "fields": Key(ListOf(MEMBER, 1), "What no two rows share together.", required=True),
        "ignore_case": Key(FLAG, "Whether `a` and `A` are the same.", default="false"),
    },
)
_ASKED: Final = Text(Notation.PERMISSION, "a permission", open=True)
_CRUD: Final = Record(
    "crud",
    {
        **{name: Key(_ASKED, f"Permission to {name}.") for name in _ON_EVERY_ROW},
        "restore": Key(
            _ASKED,
            "For `delete: soft`: permission to list the deleted rows that one may restore, and to "
            "restore one. What went with a row does not come back with it.",
        ),
        "under": Key(
            Text(Notation.MEMBER, "a relation to one"),
            "Relation to one below whose item the rows are listed and created.",
        ),
    },
)
_LIST: Final = Record(
    "list",
    {
        "filter": Key(ListOf(MEMBER), "What the list can be narrowed by."),
        "search": Key(
            ListOf(MEMBER),
            "Texts that `q` searches: a row is found if each word of `q` begins a word of one of "
            "them, whatever the case and accents. Letters and digits make words, and of each the "
            "first 64 count; a Chinese or kana character is a word of its own. A `q` without a "
            "word finds nothing.",
        ),
        "sort": Key(ListOf(MEMBER), "What the list can be ordered by."),
        "default_sort": Key(
            Text(Notation.SORT, "a field"), "Order when none is asked for; `-` for descending."
        ),
        "requirements": Key(
            REQUIREMENTS.shape, "Requirements that the list serves besides those of the entity."
        ),
    },
)
_FILE: Final = Record(
    "file",
    {
        "max_size": Key(SIZE, "Greatest size, such as `25MiB`."),
        "media_types": Key(
            ListOf(MEDIA_TYPE, 1), "What a file may be; an installation may choose others."
        ),
    },
)
POLICY: Final = Record(
    "policy",
    {
        "visible": Key(CONDITION, "Who may know that a row exists.", default="everybody"),
        "inherit": Key(
            Text(Notation.MEMBER, "a relation to one"),
            "A row is visible only to those who see the row that it belongs to.",
        ),
        "allow": Key(MapOf(ACTION, CONDITION), "By action: who of those who see a row may do it."),
    },
)
_RULE: Final = Record(
    "rule",
    {
        "on": Key(ListOf(Choice(tuple(Moment)), 1), "Changes that it is about.", required=True),
        **CONDITION_WITH_ERROR.keys,
    },
)
_SET: Final = Key(MapOf(MEMBER, Formula("the value to store")), "What is stored besides.")
_EMITS: Final = Key(Either(EVENT, ListOf(EVENT)), "Events that it announces.")
_PERMISSION: Final = Key(PERMISSION, "What the principal's role must hold.")
_ACTION: Final = Key(ACTION, "Action of the policy that decides about the row.")
_TRANSITION: Final = Record(
    "transition",
    {
        "from": Key(ListOf(STATE, 1), "States that it leads out of.", required=True),
        "to": Key(STATE, "State that it leads to.", required=True),
        "permission": _PERMISSION,
        "policy": _ACTION,
        "input": INPUT,
        "require": REQUIRE,
        "set": _SET,
        "emits": _EMITS,
    },
)
LIFECYCLE: Final = Record(
    "lifecycle",
    {
        "field": Key(Text(Notation.SNAKE, "a field"), "Field of the state.", required=True),
        "initial": Key(STATE, "State of a new row.", required=True),
        "terminal": Key(ListOf(STATE), "States in which a row may stay for ever."),
        "permission": Key(PERMISSION, "Permission of transitions that name none."),
        "policy": Key(ACTION, "Action of transitions that name none."),
        "emits": Key(Either(EVENT, ListOf(EVENT)), "Events that every transition announces."),
        "transitions": Key(
            MapOf(Text(Notation.SNAKE, "a transition"), _TRANSITION, 1),
            "The moves between states; each becomes an operation.",
            required=True,
        ),
    },
)
_EMISSION: Final = Record(
    "emission",
    {
        "event": Key(EVENT, "Event to announce.", required=True),
        "on": Key(ListOf(Choice(tuple(Moment)), 1), "Changes that announce it.", required=True),
        "changed": Key(MEMBER, "Only when this differs from before and is not null."),
        "for_each": Key(Formula("a list"), "One event for each item of this list."),
    },
)
_VIEWS: Final = Record(
    "views",
    {
        "item": Key(VIEW, "View of one row.", required=True),
        "list": Key(VIEW, "View of rows in lists.", required=True),
    },
)
ENTITY_KIND: Final = Kind(
    "entity",
    Record(
        "entity",
        {
            "entity": Key(ENTITY, "Name of it, in the singular.", required=True),
            "description": DESCRIPTION,
            "fields": Key(FIELDS, "What a row holds."),
            "file": Key(_FILE, "Each row is a file, with `name`, `media_type`, `size`, `sha256`."),
            "relations": Key(
                MapOf(Text(Notation.SNAKE, "a relation"), RELATION), "What a row refers to."
            ),
            "computed": Key(
                MapOf(Text(Notation.SNAKE, "a computed value"), Formula("the value")),
                "Values that follow from the row whenever it is read.",
            ),
            "unique": Key(ListOf(_UNIQUE), "What no two rows of a tenant share."),
            "indexes": Key(ListOf(ListOf(MEMBER, 1)), "Fields that are searched together."),
            "concurrency": Key(
                Choice(("optimistic",)), "Updates name the version that they change."
            ),
            "delete": Key(
                Choice(("hard", "soft")), "`soft`: a deleted row stays, hidden.", default="hard"
            ),
            "audit": Key(FLAG, "Whether changes leave audit entries.", default="false"),
            "crud": Key(_CRUD, "Operations on single rows, each with its permission."),
            "list": Key(_LIST, "What lists can be narrowed and ordered by."),
            "policy": Key(POLICY, "Who may see and change a row."),
            "rules": Key(ListOf(_RULE), "What must hold when rows change, in the order asked."),
            "lifecycle": Key(LIFECYCLE, "States of a row and the moves between them."),
            "emits": Key(ListOf(_EMISSION), "Events that changes announce."),
            "views": Key(_VIEWS, "Views of the operations' answers."),
            "requirements": REQUIREMENTS,
        },
    ),
    "Something that the system remembers.",
    """entity: Note
fields:
  title: {type: string, length: [1, 200]}
crud: {create: "note:write", read: "note:read", list: "note:read"}
list: {sort: [created_at], default_sort: -created_at}
policy: {visible: "true"}""",
)
VIEW_KIND: Final = Kind(
    "view",
    Record(
        "view",
        {
            "view": Key(VIEW, "Name of it.", required=True),
            "of": Key(ENTITY, "Entity that it shows.", required=True),
            "fields": Key(
                ListOf(Text(Notation.MEMBER, "a field, relation or computed value"), 1),
                "What it shows, in order.",
                required=True,
            ),
            "requirements": REQUIREMENTS,
        },
    ),
    "The shape of an answer.",
    "view: NoteSummary\nof: Note\nfields: [id, title, created_at]",
)
