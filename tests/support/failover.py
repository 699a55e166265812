"""Two PostgreSQL servers, the second a synchronous replica of the first: on this machine's own address, or each in a
network namespace of its own, so that a cable can be cut.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.support.postgres import Owner
from tests.support.serving import HOST, free_port

SETTINGS = {
    "fsync": "off",  # the machine itself does not lose its power: what is given to it is kept
    "synchronous_commit": "on",
    "wal_level": "replica",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "timezone": "UTC",
}
BRIDGE = "rapport-br"
NETWORK = "10.231.77"


class NoNamespace(Exception):
    """Network namespaces need root on Linux; the message says what was refused."""


@dataclass
class Node:
    """One server: its folder, where it listens, and before every command what puts it in its own network."""

    owner: Owner
    folder: Path
    host: str
    port: int
    inside: tuple[str, ...] = ()

    @property
    def data(self) -> Path:
        """The folder of its cluster."""
        return self.folder / "data"

    def run(self, program: str, *arguments: str | Path) -> None:
        """Run one of PostgreSQL's programs as the account that owns the cluster, in the node's own network."""
        if not self.inside:
            self.owner.run(program, *arguments)
            return
        as_owner = ("setpriv", f"--reuid={self.owner.uid}", "--clear-groups")
        _order(*self.inside, *as_owner, str(self.owner.binaries / program), *map(str, arguments))

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        listening = {
            "listen_addresses": self.host,
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
        }
        options = " ".join(f"-c {name}={value}" for name, value in (SETTINGS | listening).items())
        self.run("pg_ctl", "start", "--wait", "-D", self.data, "-l", self.folder / "log", "-o", options)

    def kill(self) -> None:
        """Kill every process of the server without warning."""
        first = psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))
        for process in (first, *first.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                os.kill(process.pid, signal.SIGKILL)
        psutil.wait_procs([first], timeout=10)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop it if it runs, and take everything away."""
        if (self.data / "postmaster.pid").exists():
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass
class Pair:
    """A primary and its synchronous replica, both under one address."""

    primary: Node
    replica: Node
    cables: dict[str, str]

    def address(self, *nodes: Node, name: str = "postgres") -> str:
        """The address of a database on the given servers, as an operator writes it."""
        hosts = ",".join(f"{node.host}:{node.port}" for node in nodes)
        return f"postgresql://postgres@{hosts}/{name}"

    def promote(self) -> None:
        """Make the replica the one that takes writes; it has no standby of its own for now."""
        self.replica.run("pg_ctl", "promote", "--wait", "-D", self.replica.data)

    def cut(self) -> None:
        """Pull the primary's cable, where there is one to pull."""
        for cable in filter(None, [self.cables.get(self.primary.host)]):
            _order("ip", "link", "set", cable, "down")

    def mend(self) -> None:
        """Plug the cable in again."""
        for cable in filter(None, [self.cables.get(self.primary.host)]):
            _order("ip", "link", "set", cable, "up")


@contextmanager
def replicated(*, in_namespaces: bool = False) -> Iterator[Pair]:
    """Run a primary and its replica until the block ends. Raises `NoNamespace`, `PostgresMissing`."""
    with _networks() if in_namespaces else _this_machine() as (places, cables):
        nodes = []
        try:
            for host, port, inside in places:
                owner = Owner.of_servers()
                nodes.append(Node(owner, owner.folder(), host, port, inside))
            primary, replica = nodes
            _begin(primary, replica)
            yield Pair(primary, replica, cables)
        finally:
            for node in nodes:
                node.stop()


def _begin(primary: Node, replica: Node) -> None:
    primary.run("initdb", "-D", primary.data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync")
    _append(primary.data / "pg_hba.conf", *(f"host {what} all {NETWORK}.0/24 trust" for what in ("all", "replication")))
    primary.start()
    source = f"host={primary.host} port={primary.port} user=postgres application_name=replica"
    replica.run("pg_basebackup", "-D", replica.data, "-d", source, "--checkpoint=fast", "--no-sync", "-R")
    _append(replica.data / "postgresql.auto.conf", f"primary_conninfo = '{source} connect_timeout=3'")
    replica.start()
    _append(primary.data / "postgresql.auto.conf", "synchronous_standby_names = 'replica'")
    primary.run("pg_ctl", "reload", "-D", primary.data)


def _append(file: Path, *lines: str) -> None:
    with file.open("a") as opened:
        opened.writelines(f"{line}\n" for line in lines)


Places = tuple[list[tuple[str, int, tuple[str, ...]]], dict[str, str]]
"""Host, port and what to run commands with, for each server; and the cable of each host."""


@contextmanager
def _this_machine() -> Iterator[Places]:
    yield [(HOST, free_port(), ()), (HOST, free_port(), ())], {}


@contextmanager
def _networks() -> Iterator[Places]:
    """Lay a bridge and two namespaces with a cable each, and take all of it away again."""
    names = {"rapport-a": f"{NETWORK}.2", "rapport-b": f"{NETWORK}.3"}
    try:
        _order("ip", "link", "add", BRIDGE, "type", "bridge")
        _order("ip", "addr", "add", f"{NETWORK}.1/24", "dev", BRIDGE)
        _order("ip", "link", "set", BRIDGE, "up")
        for name, host in names.items():
            _order("ip", "netns", "add", name)
            _order("ip", "link", "add", f"{name}-out", "type", "veth", "peer", "name", f"{name}-in")
            _order("ip", "link", "set", f"{name}-in", "netns", name)
            _order("ip", "link", "set", f"{name}-out", "master", BRIDGE, "up")
            within = ("ip", "-n", name)
            _order(*within, "addr", "add", f"{host}/24", "dev", f"{name}-in")
            _order(*within, "link", "set", f"{name}-in", "up")
            _order(*within, "link", "set", "lo", "up")
        places = [(host, 5432, ("ip", "netns", "exec", name)) for name, host in names.items()]
        yield places, {host: f"{name}-out" for name, host in names.items()}
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
        subprocess.run(["ip", "link", "del", BRIDGE], check=False, capture_output=True)


def _order(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd="/", stdin=subprocess.DEVNULL)
    if done.returncode:
        raise NoNamespace(f"{' '.join(words)}: {done.stderr.strip()}. Network namespaces need root on Linux.")
