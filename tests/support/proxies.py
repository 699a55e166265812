"""The shipped proxy files, in real proxies: those that are here, else the distribution's packages unpacked.

What depends on a place is put in: ports, certificate, upstream. Everything else stays as it is shipped.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support import debian
from tests.support.folders import CACHE, ROOT
from tests.support.serving import HOST, address, free_port

NAME = "feedback.example.org"
PATIENCE_SECONDS = 60
PACKAGES = {"nginx": "nginx-light", "caddy": "caddy"}

_AROUND_NGINX = """
daemon off;
worker_processes auto;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
events {{ worker_connections 768; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxied;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
"""As Debian's own nginx.conf: with an access log and an error log for whatever does not say otherwise."""


@dataclass(frozen=True)
class Proxy:
    """A running proxy: where it listens in plain http, and everything it has written."""

    address: str
    folder: Path

    def written(self) -> str:
        """Return every log it keeps, and what it said."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))


def provide(name: str) -> Path:
    """Return a program that is here, else one unpacked from the distribution's package: nothing is set up or started.

    Raises `NotDebian` where there is neither.
    """
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found:
        return Path(found)
    folder = CACHE / name
    script = folder / name
    if not script.exists():
        debian.unpack([PACKAGES[name]], folder)
        program = next(path for path in (folder / "usr/sbin" / name, folder / "usr/bin" / name) if path.exists())
        debian.wrap(program, folder, script)
    return script


@contextmanager
def nginx(folder: Path, upstream: str) -> Iterator[Proxy]:
    """Run nginx with the shipped server, plain instead of TLS, in front of a server until the block ends."""
    port, redirecting = free_port(), free_port()
    shipped = (ROOT / "deploy/nginx.conf").read_text()
    lines = [line for line in shipped.splitlines() if "ssl_" not in line and "[::]" not in line]
    site = (
        "\n".join(lines).replace("443 ssl http2", f"{HOST}:{port}").replace("listen 80", f"listen {HOST}:{redirecting}")
    )
    (folder / "site.conf").write_text(site.replace("http://127.0.0.1:8000", upstream))
    (folder / "nginx.conf").write_text(_AROUND_NGINX.format(folder=folder))
    with _running([provide("nginx"), "-c", folder / "nginx.conf", "-e", folder / "early.log"], folder, port) as proxy:
        yield proxy


@contextmanager
def caddy(folder: Path, upstream: str) -> Iterator[Proxy]:
    """Run Caddy with the shipped file, plain instead of TLS, in front of a server until the block ends."""
    port = free_port()
    shipped = (ROOT / "deploy/Caddyfile").read_text().replace("\n{\n", "\n{\n\tadmin off\n", 1)
    site = shipped.replace(f"{NAME} {{", f"http://{HOST}:{port} {{").replace(
        "web-1:8000 web-2:8000", upstream.removeprefix("http://")
    )
    (folder / "Caddyfile").write_text(site)
    with _running(
        [provide("caddy"), "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"], folder, port
    ) as proxy:
        yield proxy


@contextmanager
def _running(command: list[str | Path], folder: Path, port: int) -> Iterator[Proxy]:
    private = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "said.log").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env=os.environ | private)
    try:
        _wait(process, port, folder)
        yield Proxy(address(port), folder)
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    for _ in range(PATIENCE_SECONDS * 20):
        assert process.poll() is None, (folder / "said.log").read_text()
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the proxy did not come up")
