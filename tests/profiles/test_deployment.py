"""What runs a backend fits the schemas of those who read it, and the backend."""

import json
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any, Final

import jsonschema
import kubernetes_validate
import pytest
import yaml

from tests.lowering.specs import ROOT
from tospec.lowering.backend import backend_of
from tospec.output import Tree
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.profiles.cqrs.profile import PROFILE
from tospec.syntax import read

SPECS: Final = (
    *sorted((ROOT / "tests/specs").glob("*.md")),
    ROOT / "examples/taskhub",
    ROOT / "examples/todo",
)
MANIFESTS: Final = "deploy/kubernetes/"
KUBERNETES: Final = "1.37"
OPERATORS: Final = frozenset({"MIGRATION_DATABASE_URL"})
SECRETS: Final = frozenset({"DATABASE_URL", "SECRET_KEY"})
"""What the Secret holds in any case; README.md shows how it is made."""
_CACHE: Final[dict[Path, Tree]] = {}


@pytest.fixture(params=SPECS, ids=lambda path: path.stem)
def tree(request: pytest.FixtureRequest) -> Tree:
    path: Path = request.param
    if path not in _CACHE:
        reading = read(path)
        assert reading.system is not None, reading.diagnostics
        _CACHE[path] = PROFILE.render(backend_of(reading.system, CqrsPlaces()))
    return _CACHE[path]


def text(tree: Tree, path: str) -> str:
    return next(file.text for file in tree if file.path == path)


def compose(tree: Tree) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(text(tree, "compose.yaml"))
    return found


def manifests(tree: Tree) -> dict[str, dict[str, Any]]:
    """Return the manifests by kind; the deployment of workers as `Worker`."""
    files = (f for f in tree if f.path.startswith(MANIFESTS) and "kustomization" not in f.path)
    documents = (each for file in files for each in yaml.safe_load_all(file.text))
    return {_kind(each): each for each in documents}


def _kind(manifest: dict[str, Any]) -> str:
    is_worker = manifest["metadata"]["name"].endswith("-worker")
    return "Worker" if is_worker else str(manifest["kind"])


def pods(tree: Tree) -> Iterator[dict[str, Any]]:
    found = manifests(tree)
    yield found["Deployment"]["spec"]["template"]["spec"]
    yield found["Job"]["spec"]["template"]["spec"]
    if "Worker" in found:
        yield found["Worker"]["spec"]["template"]["spec"]
    if "CronJob" in found:
        yield found["CronJob"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def settings(tree: Tree) -> dict[str, bool]:
    """Return each setting, and whether it has no default."""
    lines = re.findall(r"^(# )?([A-Z0-9_]+)=", text(tree, ".env.example"), re.MULTILINE)
    return {name: not optional for optional, name in lines}


def constant(tree: Tree, path: str, name: str) -> float:
    found = re.search(rf"^{name}: Final = ([0-9.]+)$", text(tree, path), re.MULTILINE)
    assert found is not None, name
    return float(found[1])


def default(tree: Tree, name: str) -> float:
    found = re.search(rf"^# {name}=([0-9.]+)$", text(tree, ".env.example"), re.MULTILINE)
    assert found is not None, name
    return float(found[1])


def test_compose_fits_its_schema(tree: Tree) -> None:
    vendored = resources.files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json"
    jsonschema.validate(compose(tree), json.loads(vendored.read_text(encoding="utf-8")))


def test_manifests_fit_their_schemas(tree: Tree) -> None:
    for manifest in manifests(tree).values():
        kubernetes_validate.validate(manifest, KUBERNETES, strict=True)


def test_every_manifest_but_the_migration_is_applied(tree: Tree) -> None:
    listed = yaml.safe_load(text(tree, f"{MANIFESTS}kustomization.yaml"))["resources"]
    there = {f.path.removeprefix(MANIFESTS) for f in tree if f.path.startswith(MANIFESTS)}
    assert there - {*listed} == {"kustomization.yaml", "migration.yaml"}
    assert {*listed} <= there


def test_compose_gives_the_settings_that_there_are(tree: Tree) -> None:
    known = settings(tree)
    given = compose(tree)["x-settings"]
    assert {*given} <= {*known}
    assert {name for name, required in known.items() if required} <= {*given}
    services = compose(tree)["services"]
    assert services["api"]["environment"] == given
    assert {*services["migrate"]["environment"]} == {*given, *OPERATORS}


def test_manifests_give_the_settings_that_there_are(tree: Tree) -> None:
    known = settings(tree)
    given = {*manifests(tree)["ConfigMap"]["data"]}
    assert given <= {*known}
    assert not given & SECRETS
    told = text(tree, "README.md")
    for name, required in known.items():
        assert not required or name in given or f"--from-literal={name}=" in told, name


def test_readme_tells_of_every_setting(tree: Tree) -> None:
    told = text(tree, "README.md")
    assert [name for name in settings(tree) if f"`{name}`" not in told] == []


def test_no_secret_has_a_value(tree: Tree) -> None:
    for service in compose(tree)["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|_KEY", name):
                assert re.fullmatch(r"\$\{\w+:(\?.+|-)\}", value), name
    assert "Secret" not in manifests(tree)


def test_whoever_runs_the_code_is_nobody(tree: Tree) -> None:
    dockerfile = text(tree, "Dockerfile")
    (user,) = re.findall(r"^USER (\d+)$", dockerfile, re.MULTILINE)
    for pod in pods(tree):
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["securityContext"]["runAsUser"] == int(user)
        assert not pod["automountServiceAccountToken"]
        (container,) = pod["containers"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"requests", "limits"} == {*container["resources"]}
    for name, service in compose(tree)["services"].items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name


def test_only_the_proxy_is_reached_from_outside(tree: Tree) -> None:
    services = compose(tree)["services"]
    assert {name for name, each in services.items() if "ports" in each} == {"proxy"}
    assert compose(tree)["networks"]["inside"]["internal"]
    on_edge = {name for name, each in services.items() if "edge" in each["networks"]}
    assert on_edge == {"proxy", "api"}
    trusted = compose(tree)["x-settings"].get("TRUSTED_PROXIES")
    (edge,) = compose(tree)["networks"]["edge"]["ipam"]["config"]
    assert trusted in {None, edge["subnet"]}


def test_ports_and_paths_are_those_of_the_backend(tree: Tree) -> None:
    deployment = manifests(tree)["Deployment"]["spec"]["template"]["spec"]["containers"][0]
    ports = {each["name"]: each["containerPort"] for each in deployment["ports"]}
    assert f'add_argument("--port", default={ports["http"]}' in text(tree, "app/__main__.py")
    assert manifests(tree)["ConfigMap"]["data"]["METRICS_PORT"] == str(ports["metrics"])
    assert f"EXPOSE {ports['http']} {ports['metrics']}\n" in text(tree, "Dockerfile")
    assert f"reverse_proxy api:{ports['http']} " in text(tree, "deploy/Caddyfile")
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        path = deployment[probe]["httpGet"]["path"]
        assert f'@router.get("{path}"' in text(tree, "app/api/operations.py")


def test_a_stop_has_the_time_that_it_takes(tree: Tree) -> None:
    needed = (
        constant(tree, "app/core/service_settings.py", "_SHUTDOWN_DELAY")
        + default(tree, "SHUTDOWN_TIMEOUT")
        + constant(tree, "app/api/application.py", "CLOSE_SECONDS")
    )
    found, services = manifests(tree), compose(tree)["services"]
    for kind, name in (("Deployment", "api"), ("Worker", "worker")):
        if kind in found:
            pod = found[kind]["spec"]["template"]["spec"]
            assert needed < pod["terminationGracePeriodSeconds"]
            assert needed < int(services[name]["stop_grace_period"].removesuffix("s"))


def test_probes_wait_longer_than_the_backend_does(tree: Tree) -> None:
    seconds = constant(tree, "app/api/operations.py", "PROBE_SECONDS")
    deployment = manifests(tree)["Deployment"]["spec"]["template"]["spec"]["containers"][0]
    assert seconds < deployment["readinessProbe"]["timeoutSeconds"]
    check = compose(tree)["services"]["api"]["healthcheck"]
    assert seconds < int(check["timeout"].removesuffix("s"))


def test_the_proxy_lets_through_what_the_backend_takes(tree: Tree) -> None:
    proxy = text(tree, "deploy/Caddyfile")
    size, body, idle = (
        int(re.findall(pattern, proxy)[0])
        for pattern in (r"max_size (\d+)", r"read_body (\d+)s", r"keepalive (\d+)s")
    )
    assert size > default(tree, "MAX_BODY_SIZE")
    assert "\trequest_buffers 1MiB\n" in proxy
    assert default(tree, "MAX_BODY_SIZE") <= 1024 * 1024
    assert body > default(tree, "BODY_TIMEOUT")
    assert idle < constant(tree, "app/server.py", "KEEP_ALIVE_SECONDS")


def test_all_processes_together_leave_the_database_room(tree: Tree) -> None:
    each = default(tree, "DATABASE_POOL_SIZE") + default(tree, "DATABASE_MAX_OVERFLOW")
    usual = 100
    found = manifests(tree)
    workers = found["Worker"]["spec"]["replicas"] if "Worker" in found else 0
    processes = found["HorizontalPodAutoscaler"]["spec"]["maxReplicas"] + workers
    assert processes * each < usual


def test_uploads_have_the_time_that_the_backend_gives_them() -> None:
    backend = ROOT / "examples/taskhub/backend"
    rate = re.search(r"LEAST_RATE: Final = 64 \* 1024", (backend / "app/api/files.py").read_text())
    assert rate is not None
    proxy = (backend / "deploy/Caddyfile").read_text()
    seconds = re.search(r"read_body (\d+)s", proxy)
    assert seconds is not None
    assert int(seconds[1]) >= 20 + 25 * 1024 * 1024 // (64 * 1024)


def test_where_there_are_jobs_workers_run(tree: Tree) -> None:
    has_jobs = any(each.path.startswith("app/jobs/") for each in tree)
    found, services = manifests(tree), compose(tree)["services"]

    assert has_jobs is ("Worker" in found) is ("worker" in services)
    if has_jobs:
        (container,) = found["Worker"]["spec"]["template"]["spec"]["containers"]
        assert container["command"] == services["worker"]["command"]
        assert container["command"] == ["python", "-m", "app", "worker"]
        assert 'add_parser("worker"' in text(tree, "app/background.py")
