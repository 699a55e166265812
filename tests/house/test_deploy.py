"""What is shipped to be deployed names only what is there, and gives away no more rights than it must."""

import re
import shlex

import pytest
import yaml

from tests.house.test_documents import _command
from tests.support.folders import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
CONTAINERFILE = (DEPLOY / "Containerfile").read_text()
WALLS = [
    "User=feedback",
    "Group=feedback",
    "UMask=0077",
    "NoNewPrivileges=yes",
    "CapabilityBoundingSet=",
    "AmbientCapabilities=",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "ProtectProc=invisible",
    "ProtectClock=yes",
    "ProtectHostname=yes",
    "ProtectKernelTunables=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelLogs=yes",
    "ProtectControlGroups=yes",
    "PrivateTmp=yes",
    "PrivateDevices=yes",
    "PrivateMounts=yes",
    "RemoveIPC=yes",
    "KeyringMode=private",
    "LockPersonality=yes",
    "MemoryDenyWriteExecute=yes",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    "SystemCallFilter=~@privileged @resources",
    "SystemCallErrorNumber=EPERM",
]
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def test_compose_names_only_what_it_defines():
    volumes, secrets, services = COMPOSE["volumes"], COMPOSE["secrets"], COMPOSE["services"]
    assert {"web-1", "web-2", "due", "database", "proxy"} == set(services)
    for service in services.values():
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            assert source in volumes or (DEPLOY / source).exists(), mount
        assert set(service.get("secrets", [])) <= set(secrets)
        assert set(service.get("depends_on", {})) <= set(services)


def test_the_proxy_leads_to_the_services_of_compose():
    hosts = re.findall(r"(\S+):8000", (DEPLOY / "Caddyfile").read_text().split("reverse_proxy")[1].splitlines()[0])
    assert hosts == [name for name in COMPOSE["services"] if name.startswith("web-")]


def test_web_hosts_have_no_more_rights_than_they_need():
    for name in ("web-1", "web-2", "due"):
        service = COMPOSE["services"][name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert "no-new-privileges:true" in service["security_opt"]
        assert "ports" not in service, "only the proxy is reached from outside"
        assert not any("DATABASE_URL" in variable for variable in service["environment"]), "its password is a secret"


def test_the_image_takes_what_is_there_and_runs_as_nobody_special():
    last = CONTAINERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER feedback$", last, flags=re.MULTILINE)
    assert "COPY ." not in CONTAINERFILE
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINERFILE, flags=re.MULTILINE)
    names = {name for line in copied for name in line.split()}
    assert names
    assert all((ROOT / name).exists() for name in names)
    sent = {line[1:] for line in (ROOT / ".containerignore").read_text().splitlines() if line.startswith("!")}
    assert sent == names
    entry = re.search(r'^CMD \["(.+)"\]$', last, flags=re.MULTILINE)[1].split('", "')
    _command(entry)


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_a_command_of_the_product_shut_in(unit):
    text = unit.read_text()
    line = re.search(r"^ExecStart=/opt/feedback/\.venv/bin/feedback (.+)$", text, flags=re.MULTILINE)
    _command(shlex.split(line[1]))
    assert set(WALLS) - set(text.splitlines()) == set()


def test_the_web_cannot_reach_the_pools_keys_and_what_is_due_can():
    web, due = ((DEPLOY / "systemd" / f"{name}.service").read_text() for name in ("feedback", "feedback-due"))
    assert "InaccessiblePaths=-/etc/feedback/keys/pool" in web.splitlines()
    assert "--no-timers" in web
    assert "ReadWritePaths=/etc/feedback/keys/pool" in due.splitlines()
    assert "InaccessiblePaths" not in due


def test_in_compose_too():
    services = COMPOSE["services"]
    for name in ("web-1", "web-2"):
        assert services[name]["command"][-1] == "--no-timers"
        assert "/etc/feedback/keys/pool" in services[name]["tmpfs"], "an empty folder lies over the pool's keys"
        assert "keys:/etc/feedback/keys:ro" in services[name]["volumes"]
    due = services["due"]
    assert (due["command"], due["stdin_open"], due["init"]) == (["run-due", "--stay"], True, True)
    assert "keys:/etc/feedback/keys" in due["volumes"]
    assert not any("keys/pool" in place for place in due["tmpfs"])
    _command(due["command"])
