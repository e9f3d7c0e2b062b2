"""The part of a backend that acts: operations, services, events, and who may use them."""

from dataclasses import dataclass

from tospec.ir.budgets import Budget
from tospec.ir.entities import Entity
from tospec.ir.events import Event
from tospec.ir.integrations import Integration
from tospec.ir.jobs import AskEachJob, AskJob, Job, PurgeJob, RowJob, Schedule
from tospec.ir.operations import Operation
from tospec.ir.project import About, Access, Accounts, Requirement, Route, Setting
from tospec.ir.schemas import Schemas
from tospec.ir.senders import Sender
from tospec.ir.services import Service
from tospec.ir.webhooks import Webhooks


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCase:
    """One operation with the entity that it is about."""

    entity: Entity
    operation: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One entity with all that can be done to it."""

    entity: Entity
    schemas: Schemas
    events: tuple[Event, ...]
    service: Service
    operations: tuple[UseCase, ...]
    jobs: tuple[RowJob, ...] = ()

    @property
    def commands(self) -> tuple[UseCase, ...]:
        """Operations that change something."""
        return tuple(each for each in self.operations if not each.operation.kind.is_query)

    @property
    def bulks(self) -> tuple[UseCase, ...]:
        """Operations that make several changes."""
        return tuple(each for each in self.operations if each.operation.bulk)

    @property
    def queries(self) -> tuple[UseCase, ...]:
        """Operations that only tell."""
        return tuple(each for each in self.operations if each.operation.kind.is_query)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logic:
    """What a backend does. Tuples keep the spec's order.

    Attributes:
        limited_per: Whose requests are counted: `user` or `tenant`; None if nobody's are.
        account_events: By what happens to accounts (`tenant_created`): its event.
        stores: Where an installation may keep files.
        is_traced: Whether an installation may send spans of requests somewhere.
        admin: Requirements that ask for the page for people; None if there is no such page.
        reckons: Whether values of related rows are measured.
        budgets: How fast it answers at a size and under a load.
        job_permission: What it takes to operate the jobs; None if there are none.
        senders: Other services that tell something of their own accord.
        run_permission: What it takes to watch runs of several jobs; None if there are none.
    """

    about: About
    access: Access
    accounts: Accounts | None
    account_events: tuple[tuple[str, Event], ...]
    audit_permission: str | None
    limited_per: str | None
    settings: tuple[Setting, ...]
    resources: tuple[Resource, ...]
    requirements: tuple[Requirement, ...]
    routes: tuple[Route, ...]
    stores: tuple[str, ...] = ()
    is_traced: bool = False
    admin: tuple[str, ...] | None = None
    reckons: bool = False
    budgets: tuple[Budget, ...] = ()
    jobs: tuple[Job, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    job_permission: str | None = None
    run_permission: str | None = None
    integrations: tuple[Integration, ...] = ()
    senders: tuple[Sender, ...] = ()
    webhooks: Webhooks | None = None

    @property
    def events(self) -> tuple[Event, ...]:
        """What it announces, or is told by others."""
        of_rows = (event for resource in self.resources for event in resource.events)
        disabled = (self.webhooks.disabled,) if self.webhooks and self.webhooks.disabled else ()
        told = (message.event for sender in self.senders for message in sender.messages)
        return (*(event for _, event in self.account_events), *of_rows, *disabled, *told)

    @property
    def manages_tenants(self) -> bool:
        """Whether somebody may change their tenant."""
        return self.accounts is not None and self.accounts.manage_tenant is not None

    @property
    def hears(self) -> bool:
        """Whether events start jobs."""
        return any(each.trigger for each in self.jobs)

    @property
    def purges(self) -> tuple[PurgeJob, ...]:
        """Jobs that remove what has expired."""
        return tuple(each for each in self.jobs if isinstance(each, PurgeJob))

    @property
    def asking(self) -> tuple[AskJob | AskEachJob, ...]:
        """Jobs that ask other services."""
        return tuple(each for each in self.jobs if isinstance(each, AskJob | AskEachJob))

    @property
    def asks_about_rows(self) -> bool:
        """Whether some job asks another service about each of many rows."""
        return any(isinstance(each, AskEachJob) for each in self.jobs)

    @property
    def has_runs(self) -> bool:
        """Whether jobs follow one another, or are done for each of many rows."""
        return self.asks_about_rows or any(each.then for each in self.jobs)

    @property
    def keeps_measures(self) -> bool:
        """Whether answers are kept that changes of rows end."""
        measures = (each for resource in self.resources for each in resource.entity.measures)
        return any(each.seconds is not None for each in measures)

    @property
    def uses_redis(self) -> bool:
        """Whether processes may share something in Redis."""
        return self.limited_per is not None or self.keeps_measures

    @property
    def keeps_answers(self) -> bool:
        """Whether answers to keys are kept."""
        return any(setting.variable == "IDEMPOTENCY_KEEP" for setting in self.settings)

    @property
    def keeps_files(self) -> bool:
        """Whether rows of some entity are files."""
        return any(each.entity.file for each in self.resources)
