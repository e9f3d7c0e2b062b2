"""Which distribution provides which module, and which are used without an import."""

import re
from collections.abc import Mapping
from typing import Final

from tospec.gate.interpreter import Environment, normalized

# Modules whose distribution has another name.
_PROVIDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "OpenSSL": ("pyopenssl",),
    "PIL": ("pillow", "pillow-simd"),
    "apscheduler": ("apscheduler",),
    "argon2": ("argon2-cffi",),
    "attr": ("attrs",),
    "babel": ("babel",),
    "bs4": ("beautifulsoup4",),
    "cv2": ("opencv-python", "opencv-python-headless"),
    "dateutil": ("python-dateutil",),
    "dns": ("dnspython",),
    "docx": ("python-docx",),
    "dotenv": ("python-dotenv",),
    "email_validator": ("email-validator",),
    "fitz": ("pymupdf",),
    "fpdf": ("fpdf", "fpdf2"),
    "git": ("gitpython",),
    "github": ("pygithub",),
    "google": (),
    "googleapiclient": ("google-api-python-client",),
    "grpc": ("grpcio",),
    "jinja2": ("jinja2",),
    "jose": ("python-jose",),
    "jwt": ("pyjwt",),
    "ldap": ("python-ldap",),
    "magic": ("python-magic",),
    "multipart": ("python-multipart",),
    "mysql": ("mysql-connector-python",),
    "MySQLdb": ("mysqlclient",),
    "nacl": ("pynacl",),
    "odmantic": ("odmantic",),
    "pkg_resources": ("setuptools",),
    "prometheus_client": ("prometheus-client",),
    "psycopg2": ("psycopg2", "psycopg2-binary"),
    "pydantic_core": ("pydantic-core", "pydantic"),
    "pydantic2ts": ("pydantic-to-typescript", "pydantic-to-typescript2"),
    "pymongo": ("pymongo", "motor"),
    "bson": ("pymongo", "motor"),
    "gridfs": ("pymongo", "motor"),
    "pythonjsonlogger": ("python-json-logger",),
    "ratelimit": ("asgi-ratelimit", "ratelimit"),
    "rest_framework": ("djangorestframework",),
    "serial": ("pyserial",),
    "sentry_sdk": ("sentry-sdk",),
    "skimage": ("scikit-image",),
    "sklearn": ("scikit-learn",),
    "slack_bolt": ("slack-bolt",),
    "slack_sdk": ("slack-sdk",),
    "slugify": ("python-slugify", "unicode-slugify"),
    "socketio": ("python-socketio",),
    "socks": ("pysocks",),
    "sqlalchemy": ("sqlalchemy",),
    "starlette_admin": ("starlette-admin",),
    "telegram": ("python-telegram-bot",),
    "webauthn": ("webauthn",),
    "websocket": ("websocket-client",),
    "uuid_extensions": ("uuid7",),
    "weasyprint": ("weasyprint",),
    "wx": ("wxpython",),
    "yaml": ("pyyaml",),
    "zmq": ("pyzmq",),
}
# Extras that bring modules which are then used as one's own.
_EXTRAS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("fastapi", "standard"): (
        "email-validator", "fastapi-cli", "httpx", "jinja2", "pydantic-settings",
        "python-multipart", "uvicorn",
    ),
    ("fastapi", "all"): (
        "email-validator", "httpx", "itsdangerous", "jinja2", "orjson", "pydantic-extra-types",
        "pydantic-settings", "python-multipart", "pyyaml", "ujson", "uvicorn",
    ),
    ("psycopg", "binary"): ("psycopg-binary",),
    ("pydantic", "email"): ("email-validator",),
    ("pyjwt", "crypto"): ("cryptography",),
    ("python-jose", "cryptography"): ("cryptography",),
    ("sqlalchemy", "asyncio"): ("greenlet",),
    ("uvicorn", "standard"): ("httptools", "python-dotenv", "uvloop", "watchfiles", "websockets"),
}  # fmt: skip
# Used by being installed: servers, drivers named in URLs, plug-ins, speed-ups, type stubs.
_WITHOUT_IMPORT: Final = re.compile(
    r"^(?:types-.*|.*-stubs|pytest.*|.*-plugin|uvicorn|gunicorn|hypercorn|granian|daphne"
    r"|uvicorn-worker|uvloop|httptools|watchfiles|watchgod|websockets|greenlet|gevent|eventlet"
    r"|asyncpg|aiosqlite|aiomysql|asyncmy|pymysql|mysqlclient|psycopg.*|pg8000|cx-oracle|oracledb"
    r"|pyodbc|python-multipart|email-validator|dnspython|itsdangerous|jinja2|orjson|ujson|hiredis"
    r"|python-dotenv|alembic|tzdata|bcrypt|argon2-cffi.*|cryptography|pwdlib|brotli|lxml|html5lib"
    r"|setuptools|autopep8|build|ipython|jupyter.*|mkdocs.*|pip-.*|pipdeptree|pydoc.*|sphinx.*|twine"
    r"|wheel|pip|poetry.*|fastapi-cli|flower|watchdog|colorama|certifi|aiofiles|httpx"
    r"|opentelemetry-.*|prometheus-fastapi-instrumentator|ruff|mypy|black|isort|flake8.*|pylint"
    r"|coverage|pre-commit|bandit|tox|nox|typing-extensions|pyopenssl|aiodns|brotlicffi|paho-mqtt|unidecode|text-unidecode|idna|h2|h11)$"
)


def providers(module: str, environment: Environment) -> frozenset[str]:
    """Return the distributions, normalized, that may provide a top-level module."""
    installed = environment.modules.get(module, ())
    known = _PROVIDERS.get(module, ())
    plain = normalized(module)
    before = (f"{prefix}{plain}" for prefix in ("python-", "py-", "py"))
    return frozenset((*installed, *known, plain, *before, f"{plain}-py", f"{plain}-python"))


def is_provided(module: str, declared: frozenset[str], environment: Environment) -> bool:
    """Return whether one of the declared distributions provides a module."""
    if providers(module, environment) & declared:
        return True
    return any(is_part(name, module, declared) for name in declared)


def is_part(distribution: str, module: str, declared: frozenset[str]) -> bool:
    """Return whether a distribution may provide a module by whose name its own name begins.

    So do google-cloud-storage and factory-boy; but pydantic-settings does not where pydantic
    is declared itself.
    """
    plain = normalized(module)
    return plain not in declared and distribution.startswith(f"{plain}-")


def brought(name: str, extras: tuple[str, ...]) -> tuple[str, ...]:
    """Return the distributions that extras of a distribution bring as one's own."""
    listed = (_EXTRAS.get((name, extra), ()) for extra in extras)
    # An extra is often named after what it brings, as in celery[redis] or passlib[bcrypt].
    return (*extras, *(each for names in listed for each in names))


def needs_no_import(name: str) -> bool:
    """Return whether a distribution does its work without being imported."""
    return _WITHOUT_IMPORT.match(name) is not None
