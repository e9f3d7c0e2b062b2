"""Codes of what can be wrong before a spec has a meaning: files, characters, Markdown, YAML."""

from typing import Final

UNREADABLE: Final = "TS0100"
NOT_A_FILE: Final = "TS0101"
UNKNOWN_SUFFIX: Final = "TS0102"
TOO_LARGE: Final = "TS0103"
TOO_MANY_FILES: Final = "TS0104"
LINK: Final = "TS0105"
FILE_NAME: Final = "TS0106"
ENCODING: Final = "TS0107"
CHARACTER: Final = "TS0108"
CHANGED: Final = "TS0109"
NOTHING_FOUND: Final = "TS0110"
LEAK: Final = "TS0111"

UNCLOSED_FENCE: Final = "TS0115"
INFO_STRING: Final = "TS0116"
INDENTED_FENCE: Final = "TS0117"
DUPLICATE_REQUIREMENT: Final = "TS0118"
TOO_MUCH_MARKDOWN: Final = "TS0119"

YAML_SYNTAX: Final = "TS0120"
TAB: Final = "TS0121"
SEVERAL_DOCUMENTS: Final = "TS0122"
DIRECTIVE: Final = "TS0123"
ANCHOR: Final = "TS0124"
ALIAS: Final = "TS0125"
MERGE_KEY: Final = "TS0126"
TAG: Final = "TS0127"
DUPLICATE_KEY: Final = "TS0128"
KEY_NOT_TEXT: Final = "TS0129"
AMBIGUOUS_SCALAR: Final = "TS0130"
LONG_NUMBER: Final = "TS0131"
TOO_DEEP: Final = "TS0132"
NOT_A_MAPPING: Final = "TS0133"
ESCAPED_CHARACTER: Final = "TS0134"
TOO_MANY_PROBLEMS: Final = "TS0135"
TOO_MANY_VALUES: Final = "TS0136"

MEANINGS: Final = {
    UNREADABLE: "A file or folder of the spec is missing or may not be read.",
    NOT_A_FILE: "Something that has a spec file's name is not a regular file.",
    UNKNOWN_SUFFIX: "A spec file is neither Markdown nor YAML.",
    TOO_LARGE: "The spec is larger than the limit.",
    TOO_MANY_FILES: "The spec's folder holds more than the limit allows.",
    LINK: "A symbolic link is broken or leads out of the spec's folder.",
    FILE_NAME: "A file's name holds characters that cannot be shown.",
    ENCODING: "A file is not plain UTF-8.",
    CHARACTER: "A file holds a control character or another one that hides what the text says.",
    CHANGED: "A file changed while it was being read.",
    NOTHING_FOUND: "There is no spec file, or no block in the spec files.",
    LEAK: "A file holds what looks like a secret: a key, a token, a password in a URL.",
    UNCLOSED_FENCE: "A fenced block is never closed.",
    INFO_STRING: "A fence's info string nearly says that it opens a spec block.",
    INDENTED_FENCE: "A fence is indented so far that it is only text.",
    DUPLICATE_REQUIREMENT: "Two headings carry the same requirement id.",
    TOO_MUCH_MARKDOWN: "A Markdown file has too many parts or nests them too deeply.",
    YAML_SYNTAX: "A block is not valid YAML.",
    TAB: "A tab indents YAML.",
    SEVERAL_DOCUMENTS: "A block holds several YAML documents.",
    DIRECTIVE: "A block holds a YAML directive.",
    ANCHOR: "A block holds a YAML anchor.",
    ALIAS: "A block holds a YAML alias.",
    MERGE_KEY: "A block holds a YAML merge key.",
    TAG: "A block holds a YAML tag.",
    DUPLICATE_KEY: "A mapping has one key twice.",
    KEY_NOT_TEXT: "A key is not text.",
    AMBIGUOUS_SCALAR: "A value is read differently by different YAML readers.",
    LONG_NUMBER: "A number has more digits than any field can hold.",
    TOO_DEEP: "Lists and mappings are nested too deeply.",
    NOT_A_MAPPING: "A block is not a mapping.",
    ESCAPED_CHARACTER: "A quoted text spells a character that no text of a spec may hold.",
    TOO_MANY_PROBLEMS: "Reading of a block stopped after many errors.",
    TOO_MANY_VALUES: "A block holds more values than any spec needs.",
}
