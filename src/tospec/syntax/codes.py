"""Codes of what can be wrong with the structure of a spec and with its names."""

from typing import Final

UNKNOWN_KIND: Final = "TS0200"
UNKNOWN_KEY: Final = "TS0201"
MISSING_KEY: Final = "TS0202"
WRONG_TYPE: Final = "TS0203"
NOT_TEXT: Final = "TS0204"
UNKNOWN_CHOICE: Final = "TS0205"
OUT_OF_BOUNDS: Final = "TS0206"
TOO_LONG: Final = "TS0207"
REPEATED: Final = "TS0208"
BAD_NAME: Final = "TS0210"
RESERVED_NAME: Final = "TS0211"
BAD_DURATION: Final = "TS0212"
BAD_VERSION: Final = "TS0213"
BAD_PATH: Final = "TS0214"
BAD_PATTERN: Final = "TS0215"
BAD_RANGE: Final = "TS0216"
BAD_DEFAULT: Final = "TS0217"
MISPLACED_KEY: Final = "TS0218"
NEWER_LANGUAGE: Final = "TS0219"
NO_SYSTEM: Final = "TS0220"
SECOND_BLOCK: Final = "TS0221"
BAD_SIZE: Final = "TS0222"
BAD_CRON: Final = "TS0223"
NEVER_FIRES: Final = "TS0224"

DUPLICATE_NAME: Final = "TS0350"
SIMILAR_NAME: Final = "TS0351"
TABLE_CLASH: Final = "TS0352"
CLASS_CLASH: Final = "TS0353"
PATH_CLASH: Final = "TS0354"
REQUIRED_CYCLE: Final = "TS0355"
CASCADE_CYCLE: Final = "TS0356"
INHERITANCE_CYCLE: Final = "TS0357"
COMPUTED_CYCLE: Final = "TS0358"
PARAMETER_CLASH: Final = "TS0359"
UNKNOWN_ENTITY: Final = "TS0360"
UNKNOWN_MEMBER: Final = "TS0361"
UNKNOWN_PERMISSION: Final = "TS0362"
UNKNOWN_ROLE: Final = "TS0363"
UNKNOWN_ERROR: Final = "TS0364"
UNKNOWN_EVENT: Final = "TS0365"
UNKNOWN_VIEW: Final = "TS0366"
UNKNOWN_OPERATION: Final = "TS0367"
UNKNOWN_STATE: Final = "TS0368"
UNKNOWN_ACTION: Final = "TS0369"
UNKNOWN_CONVENTION: Final = "TS0370"
UNKNOWN_REQUIREMENT: Final = "TS0371"
UNKNOWN_ROW: Final = "TS0372"
UNKNOWN_PROBLEM: Final = "TS0373"
UNKNOWN_TRANSITION: Final = "TS0374"
UNKNOWN_JOB: Final = "TS0375"
UNKNOWN_ZONE: Final = "TS0376"
UNKNOWN_CALL: Final = "TS0377"
WRONG_ENTITY: Final = "TS0380"
WRONG_MEMBER: Final = "TS0381"
MEASURE_OF_MORE: Final = "TS0382"

MEANINGS: Final = {
    UNKNOWN_KIND: "A block is of no known kind.",
    UNKNOWN_KEY: "A key is not part of the language here.",
    MISSING_KEY: "A key that is always needed is missing.",
    WRONG_TYPE: "A list, mapping, text, number or flag stands where another is needed.",
    NOT_TEXT: "A number, true, false or nothing stands where text is needed.",
    UNKNOWN_CHOICE: "A word is none of those that may stand here.",
    OUT_OF_BOUNDS: "A number, or the size of a list, is out of bounds.",
    TOO_LONG: "A text is too long, or has several lines where one is needed.",
    REPEATED: "A list holds the same thing twice.",
    BAD_NAME: "A name is not spelled as names of its kind are.",
    RESERVED_NAME: "A name is taken by the language, by a convention or by the output.",
    BAD_DURATION: "A duration is not written like `15m` or `7d`.",
    BAD_VERSION: "A version is not written like `1.0.0`.",
    BAD_PATH: "A method and path are not written like `POST /v1/tasks/{task}/assign`.",
    BAD_PATTERN: "A regular expression is malformed or uses what not every engine knows.",
    BAD_RANGE: "The least value is greater than the greatest one.",
    BAD_DEFAULT: "A default breaks the constraints of its own field.",
    MISPLACED_KEY: "Two keys contradict each other, or a key does not fit the type.",
    NEWER_LANGUAGE: "The spec is written in a newer version of the language.",
    NO_SYSTEM: "The spec has no `system` block.",
    SECOND_BLOCK: "A kind of block that stands once stands twice.",
    BAD_SIZE: "A size is not written like `25MiB`.",
    BAD_CRON: "A cron expression is not written like `*/15 * * * *`.",
    NEVER_FIRES: "A cron expression names a day that no month has.",
    DUPLICATE_NAME: "A name is declared twice.",
    SIMILAR_NAME: "Two names differ only in case or underscores.",
    TABLE_CLASH: "Two entities would be stored in one table.",
    CLASS_CLASH: "Two things of different kinds would have one name in the code.",
    PATH_CLASH: "Two operations would answer the same request.",
    REQUIRED_CYCLE: "Rows need each other, so that none could be the first.",
    CASCADE_CYCLE: "Deleting a row would come back to its own entity.",
    INHERITANCE_CYCLE: "Policies inherit from each other in a circle.",
    COMPUTED_CYCLE: "Computed values follow from each other in a circle.",
    PARAMETER_CLASH: "Two parameters of a list would have one name.",
    UNKNOWN_ENTITY: "There is no such entity.",
    UNKNOWN_MEMBER: "There is no such field, relation or computed value.",
    UNKNOWN_PERMISSION: "There is no such permission.",
    UNKNOWN_ROLE: "There is no such role.",
    UNKNOWN_ERROR: "There is no such error case.",
    UNKNOWN_EVENT: "There is no such event.",
    UNKNOWN_VIEW: "There is no such view.",
    UNKNOWN_OPERATION: "There is no such operation.",
    UNKNOWN_STATE: "There is no such state.",
    UNKNOWN_ACTION: "The policy has no such action.",
    UNKNOWN_CONVENTION: "There is no such convention in this version of tospec.",
    UNKNOWN_REQUIREMENT: "There is no such requirement.",
    UNKNOWN_ROW: "A scenario has no such person or row.",
    UNKNOWN_PROBLEM: "There is no such error case or problem.",
    UNKNOWN_TRANSITION: "The lifecycle has no such transition.",
    UNKNOWN_JOB: "There is no such job.",
    UNKNOWN_ZONE: "There is no such time zone.",
    UNKNOWN_CALL: "No integration has such a call.",
    WRONG_ENTITY: "Something belongs to another entity.",
    WRONG_MEMBER: "A field, relation or computed value cannot be used in this way.",
    MEASURE_OF_MORE: "A measure depends on more than rows and the time.",
}
