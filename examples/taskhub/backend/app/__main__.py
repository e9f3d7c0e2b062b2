"""The command line: `python -m app <command>`."""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from app.about import NAME, VERSION
from app.background import add_commands
from app.core.config import (
    ConfigurationError,
    describe_settings,
    example_environment,
    load_settings,
)
from app.core.settings import Settings

EXIT_CONFIGURATION: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.run
    try:
        return command(options)
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_CONFIGURATION


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app", description=f"{NAME} {VERSION}")
    commands = parser.add_subparsers(required=True, metavar="command")
    serve = commands.add_parser("serve", help="serve the API")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on")
    serve.add_argument("--port", default=8000, type=int, help="port to listen on")
    serve.set_defaults(run=_serve)
    migrate = commands.add_parser("migrate", help="bring the database to a revision")
    migrate.add_argument("--to", default="head", help="head, base or a revision")
    migrate.set_defaults(run=_migrate)
    seed = commands.add_parser("seed", help="fill an empty database with example data")
    seed.add_argument("--rows", default=100, type=int, help="how many rows of the main kind")
    seed.add_argument("--format", choices=("text", "json"), default="text", help="of the answer")
    seed.set_defaults(run=_seed)
    sweep = commands.add_parser("sweep", help="remove files whose rows are gone")
    sweep.set_defaults(run=_sweep)
    add_commands(commands)
    openapi = commands.add_parser("openapi", help="write the description of the API")
    openapi.add_argument("--out", default="docs/openapi.json", type=Path, help="file to write")
    openapi.set_defaults(run=_openapi)
    config = commands.add_parser("config", help="list the settings")
    config.add_argument("--example", action="store_true", help="as an example of a .env file")
    config.set_defaults(run=_config)
    return parser


def _serve(options: argparse.Namespace) -> int:
    settings = load_settings()
    _migrate_embedded(settings)
    from app.server import serve  # noqa: PLC0415  # other commands start without a server

    return serve(settings, host=options.host, port=options.port)


def _migrate_embedded(settings: Settings) -> None:
    """Bring the SQLite file of a development checkout up to date."""
    url = settings.database_url.get_secret_value()
    if settings.production or not url.startswith("sqlite"):
        return
    from app.db.migration import current_revision, head_revision, migrate  # noqa: PLC0415

    if current_revision(url) != head_revision():
        migrate(url)


def _migrate(options: argparse.Namespace) -> int:
    settings = load_settings()
    from sqlalchemy import make_url  # noqa: PLC0415

    from app.db.migration import migrate  # noqa: PLC0415

    url = settings.migration_database_url or settings.database_url
    login = make_url(settings.database_url.get_secret_value()).username
    migrate(url.get_secret_value(), options.to, login=login)
    return 0


def _seed(options: argparse.Namespace) -> int:
    settings = load_settings()
    _migrate_embedded(settings)
    from app.seed import fill  # noqa: PLC0415  # as above
    from app.seeding.command import run  # noqa: PLC0415  # as above

    return run(settings, fill, rows=options.rows, as_json=options.format == "json")


def _sweep(_: argparse.Namespace) -> int:
    settings = load_settings()
    from app.core.clock import SystemClock  # noqa: PLC0415  # as above
    from app.db.file_sweep import sweep  # noqa: PLC0415  # as above
    from app.db.files import object_store  # noqa: PLC0415  # as above
    from app.main import create_database  # noqa: PLC0415  # as above

    async def swept() -> int:
        clock = SystemClock()
        database = create_database(settings, clock)
        try:
            return await sweep(object_store(settings), database, now=clock.now())
        finally:
            await database.close()

    sys.stdout.write(f"{asyncio.run(swept())} files removed.\n")
    return 0


def _openapi(options: argparse.Namespace) -> int:
    from app.server import describe_api  # noqa: PLC0415

    document = json.dumps(describe_api(), indent=2, sort_keys=True, ensure_ascii=False)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(document + "\n", encoding="utf-8")
    return 0


def _config(options: argparse.Namespace) -> int:
    if options.example:
        sys.stdout.write(example_environment())
        return 0
    rows = describe_settings()
    width = max(len(row.variable) for row in rows)
    for row in rows:
        sys.stdout.write(f"{row.variable:{width}}  {row.type}  default: {row.default}\n")
        sys.stdout.write(f"{'':{width}}  {row.description}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
