"""Entities of a backend: their data and the rules about it."""

from dataclasses import dataclass

from tospec.ir.conditions import Computed, Policy, RuleSet
from tospec.ir.listing import Listing
from tospec.ir.measures import Counted, Measures
from tospec.ir.names import EntityNames
from tospec.ir.tables import CounterTable, EnumType, LinkTable, Table, WordTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """An edge of a lifecycle, by names of members of the state's enum."""

    name: str
    sources: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """States and moves.

    Attributes:
        field: Column of the state.
        constant: Name of the mapping of transitions: `TASK_TRANSITIONS`.
    """

    field: str
    constant: str
    enum: EnumType
    transitions: tuple[Transition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A relation of an entity to itself, with the error case, and its class, of a tree too deep."""

    column: str
    max_depth: int
    error: str
    error_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRule:
    """What the files may be that rows are.

    Attributes:
        constant: Beginning of the names of what says so: `ATTACHMENT`.
        max_size: In bytes.
        media_types: Unless an installation chooses others.
    """

    constant: str
    max_size: int
    media_types: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A reference to a row that may be deleted while the row that refers is.

    Attributes:
        column: What refers.
        to: The entity of the other row.
        table: Its table.
        cleared: Whether the reference is cleared when the other row is deleted.
    """

    column: str
    to: EntityNames
    table: str
    cleared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """An entity of the spec as the backend has it. Built-in ones have no rules here.

    Attributes:
        name: The spec's name: `LineItem`.
        description: One sentence, or empty.
        requirements: Ids that it serves.
        origins: Spec items that files about it come from.
        file: What a row may be, when each is a file.
        words: What its rows are found by; None when lists cannot be searched.
        measures: What is measured about a row.
        counted: Kept answers that a change of a row ends.
        restores: Whether clients may bring deleted rows back.
        needs: What may keep a deleted row from coming back.
        unlisted: Computed values, and fields with ids of other rows, that no list tells.
        worked_on: Whether jobs go through its rows.
    """

    name: str
    names: EntityNames
    description: str
    requirements: tuple[str, ...]
    table: Table
    enums: tuple[EnumType, ...]
    links: tuple[LinkTable, ...]
    counters: tuple[CounterTable, ...]
    trees: tuple[Tree, ...]
    lifecycle: Lifecycle | None
    computed: tuple[Computed, ...]
    policy: Policy
    rules: tuple[RuleSet, ...]
    listing: Listing
    optimistic: bool
    soft_delete: bool
    audit: bool
    file: FileRule | None = None
    words: WordTable | None = None
    measures: tuple[Measures, ...] = ()
    counted: tuple[Counted, ...] = ()
    restores: bool = False
    needs: tuple[Need, ...] = ()
    unlisted: tuple[str, ...] = ()
    worked_on: bool = False

    @property
    def origins(self) -> tuple[str, ...]:
        """Spec items that files about it come from."""
        return (*self.requirements, f"entity:{self.name}")
