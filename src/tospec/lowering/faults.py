"""Which errors a change can end in."""

from collections.abc import Iterable, Iterator

from tospec.ir.conditions import RuleSet
from tospec.ir.data import DataModel
from tospec.ir.entities import Entity as Data
from tospec.ir.operations import Fault
from tospec.ir.tables import Unique
from tospec.python import sentence

REFERENCE = Fault(
    type="InvalidReferenceError",
    about="If it refers to something that the actor does not see.",
)
REFERENCED = Fault(type="ReferencedError", about="If something else still refers to it.")
ANY_REFERENCED = Fault(
    type="ReferencedError", about="If something else still refers to one of them."
)
TRANSITION = Fault(type="InvalidTransitionError", about="If its state does not allow that.")
NOT_DELETED = Fault(type="NotDeletedError", about="If it is not deleted.")
DELETED_REFERENCE = Fault(
    type="DeletedReferenceError", about="If something that it needs is deleted."
)
CONCURRENT = Fault(type="ConcurrentUpdateError", about="If it is being changed by somebody else.")
BULK = Fault(type="BulkFailedError", about="If all items were asked for, and one was refused.")
LIMIT = Fault(type="ConflictError", about="If there are as many links as there may be.")


def unique(data: Data, written: Iterable[str]) -> tuple[Fault, ...]:
    """Return the fault of values that must be unique, if one of `written` must be."""
    names = frozenset(written)
    # A number of a sequence is never given out twice.
    counted = frozenset(counter.field for counter in data.counters)
    found = [
        each
        for each in data.table.uniques
        if names & frozenset(each.columns) and not counted & frozenset(each.columns)
    ]
    if not found:
        return ()
    about = f"If another {data.names.noun} has its {_listed(found)}."
    return (Fault(type="UniqueConflictError", about=about),)


def rules(model: DataModel, rule_set: RuleSet | None) -> tuple[Fault, ...]:
    """Return the error cases of rules, in the order in which they are asked."""
    return own(model, (rule.error for rule in rule_set.rules)) if rule_set else ()


def trees(model: DataModel, data: Data) -> tuple[Fault, ...]:
    """Return the error cases of trees that are too deep."""
    return own(model, (tree.error for tree in data.trees))


def own(model: DataModel, codes: Iterable[str]) -> tuple[Fault, ...]:
    """Return error cases of the spec, each once."""
    return tuple(_own(model, dict.fromkeys(codes)))


def _own(model: DataModel, codes: Iterable[str]) -> Iterator[Fault]:
    for code in codes:
        case = model.error(code)
        yield Fault(type=case.type, about=sentence(case.message), is_own=True)


def _listed(uniques: list[Unique]) -> str:
    return " or ".join(" and ".join(each.fields) for each in uniques)
