"""Expressions: the rules of a spec, in a small part of CEL.

An expression is one line of CEL syntax: constants, names, members, `&& || !`, `== != < <= > >=`,
`in`, `+ - * / %`, `test ? then : otherwise`, and the functions of `calls.py`. It has no effects.

Types are checked before anything else happens, against a `Scope` that the caller provides:

* A bare name is a member of the row that the expression is about; inside the condition of `count`
  and `exists` it is a member of the related row, and the outer row goes by its name, as in
  `exists(subtasks, assignee == task.assignee)`.
* A relation to one, and the principal, stand for their ids when they are compared.
* A text that meets an enum must be one of its values.

Null is a value and every condition is true or false; there is no third truth value:

* `x == null` is true when x is null and false otherwise; `x == y` is true when both are null;
  `x != y` is the opposite. Null is in no list.
* Ordering, arithmetic, functions and members need a value: what may be null must be guarded, by
  `x != null && …`, `x == null || …` or `x != null ? … : …`. A comparison with something that is
  never null, such as `status == 'done'`, is a guard as well.
* What lies behind an optional relation is null when the relation is; the guard makes sure that
  nobody sees it.

Numbers: ints have 64 bits, and arithmetic that could leave them does not type-check, so fields
that are reckoned with have a range. Int division and its rest truncate towards zero. A divisor is
a constant other than zero. Decimals are exact: they can be added, subtracted and multiplied. Texts
have no order, and `lower` is the same everywhere for A to Z only. Timestamps are instants; a
century is the longest duration that can be written.
"""

from tospec.expression.analysis import (
    aggregates,
    children,
    depends_on_rows,
    is_flat,
    parts,
    paths,
    permission_checks,
    uses_now,
    uses_row,
)
from tospec.expression.calls import FUNCTIONS
from tospec.expression.checker import check
from tospec.expression.constancy import is_constant
from tospec.expression.narrowing import Facts, facts_of, proven
from tospec.expression.nodes import Expression
from tospec.expression.obstacles import sql_obstacles
from tospec.expression.parser import parse
from tospec.expression.problems import CODES
from tospec.expression.scope import Scope
from tospec.expression.typed import (
    Aggregate,
    And,
    Arithmetic,
    Call,
    Compare,
    Conditional,
    Constant,
    Function,
    HasPermission,
    Items,
    MayDo,
    Membership,
    Negate,
    Not,
    Or,
    Path,
    Root,
    Step,
    Tally,
    Typed,
    TypedExpression,
)
from tospec.expression.types import (
    BOOL,
    DATE,
    DECIMAL,
    DURATION,
    INT,
    JSON,
    STRING,
    TIMESTAMP,
    UNKNOWN,
    Kind,
    Type,
    decimal,
    entity,
    enum,
    int_between,
    joined,
    list_of,
    many,
    principal,
    record,
    uuid,
)

__all__ = [
    "BOOL",
    "CODES",
    "DATE",
    "DECIMAL",
    "DURATION",
    "FUNCTIONS",
    "INT",
    "JSON",
    "STRING",
    "TIMESTAMP",
    "UNKNOWN",
    "Aggregate",
    "And",
    "Arithmetic",
    "Call",
    "Compare",
    "Conditional",
    "Constant",
    "Expression",
    "Facts",
    "Function",
    "HasPermission",
    "Items",
    "Kind",
    "MayDo",
    "Membership",
    "Negate",
    "Not",
    "Or",
    "Path",
    "Root",
    "Scope",
    "Step",
    "Tally",
    "Type",
    "Typed",
    "TypedExpression",
    "aggregates",
    "check",
    "children",
    "decimal",
    "depends_on_rows",
    "entity",
    "enum",
    "facts_of",
    "int_between",
    "is_constant",
    "is_flat",
    "joined",
    "list_of",
    "many",
    "parse",
    "parts",
    "paths",
    "permission_checks",
    "principal",
    "proven",
    "record",
    "sql_obstacles",
    "uses_now",
    "uses_row",
    "uuid",
]
