"""The composition root: the only module that knows every other one."""

from functools import partial

from fastapi import FastAPI

from app.accounts import Accounts
from app.api.admin import admin_routers
from app.api.application import assemble
from app.api.deps import Runtime
from app.api.inbox import receive_messages
from app.api.integrations import watch_integrations
from app.api.rate_limits import RateLimits, limit_of
from app.api.routes import ACCOUNT_ROUTERS, DOMAIN_ROUTERS
from app.api.workers import connect_broker, embed, watch
from app.authorization.cross_tenant import CrossTenantWatch
from app.authorization.dispatch import Dispatcher
from app.core.cache import create_cache
from app.core.clock import Clock
from app.core.logging import LogLines
from app.core.moved_clock import clock_of
from app.core.settings import Settings
from app.db.changes import WatchedDatabase
from app.db.engine import Database, DatabaseOptions
from app.db.tracing import TracedTransaction
from app.db.transactions import Transaction
from app.handlers import register_handlers
from app.inbox import SENDERS
from app.integrations import Integrations, configured
from app.jobs import EVENTS, JOBS, SCHEDULES
from app.middleware.tracing import install_tracing
from app.security.signing import Signer
from app.webhooks.courier import Courier
from app.webhooks.fan_out import FanOut
from app.worker.broker import create_wire
from app.worker.worker import Worker


def create_app(settings: Settings, lines: LogLines, *, clock: Clock | None = None) -> FastAPI:
    """Return the application that `settings` describe.

    Args:
        settings: Checked settings.
        lines: Where the line of each request goes.
        clock: Tells the time; that of the settings by default.
    """
    clock = clock or clock_of(settings)
    database = create_database(settings, clock)
    accounts = Accounts.of(settings, database, clock)
    limits = RateLimits.of(settings, per="user")
    dispatcher = Dispatcher(on_missing=CrossTenantWatch(database))
    accounts.register(dispatcher)
    register_handlers(dispatcher, database, settings)
    routers = [*ACCOUNT_ROUTERS, *DOMAIN_ROUTERS, *admin_routers(settings)]
    runtime = Runtime(
        database=database,
        dispatcher=dispatcher,
        authenticate=accounts.authentication,
        cursors=Signer(settings.secret, purpose="cursor"),
        public_url=settings.public_url,
        max_body_size=settings.max_body_size,
        body_timeout=settings.body_timeout,
        check_answers=settings.check_answers,
        count=limits.count,
    )
    app = assemble(settings, runtime, routers, lines)
    limits.install(app, settings)
    limit = limit_of("messages", settings.message_limit_requests, settings.message_limit_within)
    admit = partial(limits.admit, limit=limit)
    receive_messages(app, SENDERS, settings, clock, admit=admit)
    watch(app, database, settings)
    connect_broker(app, database, settings)
    watch_integrations(app, database, settings, configured(settings))
    if settings.embeds_worker:
        embed(app, create_worker(settings, database))
    if settings.otel_exporter_otlp_endpoint:
        install_tracing(app, settings.otel_exporter_otlp_endpoint)
    return app


def create_worker(settings: Settings, database: Database) -> Worker:
    """Return what runs the jobs of `database`; nothing runs yet."""
    wire = create_wire(settings.broker_url, database)
    return Worker(
        database,
        settings,
        jobs=JOBS,
        schedules=SCHEDULES,
        events=EVENTS,
        clock=clock_of(settings),
        wire=wire,
        outside=Integrations.of(settings),
        listeners=(FanOut(),),
        companions=(Courier.of(settings, database),),
    )


def create_database(settings: Settings, clock: Clock) -> WatchedDatabase:
    """Return the database that `settings` name; nothing is connected yet."""
    options = DatabaseOptions(
        url=settings.database_url.get_secret_value(),
        pool_size=settings.database_pool_size,
        max_overflow=settings.database_max_overflow,
        pool_timeout=settings.database_pool_timeout,
        connect_timeout=settings.database_connect_timeout,
        statement_timeout=settings.database_statement_timeout,
        lock_timeout=settings.database_lock_timeout,
    )
    kind = TracedTransaction if settings.otel_exporter_otlp_endpoint else Transaction
    return WatchedDatabase(
        options,
        cache=create_cache(settings.redis_url),
        clock=clock,
        transactions=kind,
    )
