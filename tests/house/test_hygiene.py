"""What must not be in the repository: machines it was made on, registries, unhashed requirements."""

import json
import re
import tomllib

import pytest

from tests.house.repository import named, tracked
from tests.support.folders import ROOT

LOCKS = (
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-build.lock",
    "requirements-oidc.lock",
    "requirements-docs.lock",
)
HOSTS = (("pypi", "org"), ("python" + "hosted", "org"), ("npmjs", "org"), ("deb", "debian", "org"))
"""In parts, so that this file names none of them."""

OPTIONS = ("--" + "index-url", "--" + "extra-index-url", "--" + "find-links")
REGISTRIES = re.compile("|".join([*(r"\.".join(parts) for parts in HOSTS), *map(re.escape, OPTIONS)]))
MACHINES = re.compile(r"(?<![\w./<])/(root|work|home/[a-z]+|Users/[A-Za-z]+)/|(?<!\w)[A-Z]:\\\\Users")
TRACERS = re.compile(r"telemetry|ddtrace|sentry|newrelic|elastic-apm|jaeger|zipkin|honeycomb|rollbar|bugsnag")
TEXT = {".css", ".html", ".json", ".lock", ".md", ".py", ".toml", ".txt", ".yaml", ".yml", ".csv", ".svg", ""}


def _pins(lock):
    """Name → versions, from a lock that may pin one name per Python version."""
    pins = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==([^\s;]+)", (ROOT / lock).read_text(), flags=re.MULTILINE):
        pins.setdefault(name, set()).add(version)
    return pins


def test_no_file_names_a_registry_or_a_folder_of_one_machine():
    found = []
    for path in (path for path in tracked() if path.suffix in TEXT):
        for pattern in (REGISTRIES, MACHINES):
            found += [f"{named(path)}: {hit[0]}" for hit in pattern.finditer(path.read_text(encoding="utf-8"))]
    assert found == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_a_hash_for_every_line_and_no_address(lock):
    text = (ROOT / lock).read_text()
    assert "://" not in text
    for requirement in re.split(r"\n(?=[a-z])", text.strip()):
        lines = [line for line in requirement.splitlines() if not line.lstrip().startswith("#")]
        assert re.match(r"[a-z0-9-]+==\S+", lines[0]), lines[0]
        assert len(lines) > 1, lines[0]
        assert all(re.search(r"--hash=sha256:[0-9a-f]{64}\b", line) for line in lines[1:]), lines[0]


def test_the_tests_run_with_what_is_shipped():
    shipped, tested = _pins("requirements.lock"), _pins("requirements-dev.lock")
    assert {name: tested.get(name) for name in shipped} == shipped
    optional = _pins("requirements-oidc.lock")
    assert {name: tested.get(name) for name in optional} == optional
    assert {name: optional.get(name) for name in shipped} == shipped


def test_the_locks_hold_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = {re.match(r"[A-Za-z0-9._-]+", line)[0].lower() for line in project["project"]["dependencies"]}
    assert wanted <= _pins("requirements.lock").keys()
    build = {re.match(r"[a-z]+", line)[0] for line in project["build-system"]["requires"]}
    assert build | {"pip"} <= _pins("requirements-build.lock").keys()


def test_the_list_of_components_names_each_pin_and_what_asks_for_it():
    listed = json.loads((ROOT / "docs/components.json").read_text())
    parts = {(part["name"], part["version"]): part for part in listed["components"]}
    pins = {(name, version) for name, versions in _pins("requirements-oidc.lock").items() for version in versions}
    assert set(parts) == pins
    always = {(name, version) for name, versions in _pins("requirements.lock").items() for version in versions}
    assert {pin for pin, part in parts.items() if part["scope"] == "required"} == always
    references = {part["bom-ref"] for part in parts.values()}
    assert references == {one for each in listed["dependencies"] for one in each["dependsOn"]}
    assert references | {"feedback"} == {each["ref"] for each in listed["dependencies"]}


def test_no_part_of_the_product_sends_traces_anywhere():
    """Nor to anybody's monitor: what the product says, it says in its log and at `/metrics`."""
    parts = _pins("requirements-oidc.lock").keys()
    assert "flask" in parts
    assert [name for name in parts if TRACERS.search(name)] == []


def test_the_licence_is_the_whole_text():
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
