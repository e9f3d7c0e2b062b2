"""No repository method can be called without naming a tenant."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator

import pytest

import app.repositories
from app.core.ids import TenantId
from app.db.metadata import TENANT_OWNED, metadata
from tests.requirements import TENANCY

pytestmark = pytest.mark.requirement(*TENANCY)

# Failed sign-ins are counted by address, before anybody knows of a tenant.
WITHOUT_TENANT = {"SignInAttemptRepository"}


def public_methods() -> Iterator[Callable[..., object]]:
    """Yield the public methods of every repository."""
    for module in pkgutil.iter_modules(app.repositories.__path__, "app.repositories."):
        found = importlib.import_module(module.name)
        for _, kind in inspect.getmembers(found, inspect.isclass):
            is_own = kind.__module__ == module.name and kind.__name__.endswith("Repository")
            if is_own and kind.__name__ not in WITHOUT_TENANT:
                for name, method in vars(kind).items():
                    if inspect.iscoroutinefunction(method) and not name.startswith("_"):
                        yield method


METHODS = list(public_methods())


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.__qualname__)
def test_requires_a_tenant(method: Callable[..., object]) -> None:
    tenant_id = inspect.signature(method, eval_str=True).parameters["tenant_id"]

    assert tenant_id.kind is inspect.Parameter.KEYWORD_ONLY
    assert tenant_id.default is inspect.Parameter.empty
    assert tenant_id.annotation is TenantId


def test_every_table_of_a_tenant_names_it_in_keys_and_references() -> None:
    owned = [table for table in metadata.tables.values() if table.info[TENANT_OWNED]]
    assert len(owned) > 1
    for table in owned:
        if table.name == "tenants":
            continue
        assert "tenant_id" in table.c, table.name
        for key in table.foreign_key_constraints:
            assert "tenant_id" in key.column_keys, f"{table.name}: {key.name}"
