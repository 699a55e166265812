"""Debian's own packages for the suite: installed as root, or unpacked into a folder as anybody."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

QUIET = {"DEBIAN_FRONTEND": "noninteractive"}
PLAIN = ("-y", "--no-install-recommends")


class NotDebian(Exception):
    """This system has no apt-get."""


def install(packages: Sequence[str]) -> None:
    """Install packages for the whole system. Only root may."""
    _apt("update")
    _apt("install", *PLAIN, *packages)


def unpack(packages: Sequence[str], folder: Path) -> None:
    """Unpack packages and what they need and this system lacks into a folder, replacing what was there.

    apt checks every archive against the distribution's signed lists, kept in the folder's neighbour.
    """
    lists = folder.with_name("apt")
    shutil.rmtree(folder, ignore_errors=True)
    for needed in ("state/lists/partial", "cache/archives/partial"):
        (lists / needed).mkdir(parents=True, exist_ok=True)
    own = (
        f"Dir::State={lists}/state",
        "Dir::State::status=/var/lib/dpkg/status",
        f"Dir::Cache={lists}/cache",
        "Debug::NoLocking=true",
        "APT::Sandbox::User=",
    )
    options = [part for setting in own for part in ("-o", setting)]
    _apt(*options, "update")
    _apt(*options, "install", *PLAIN, "--download-only", *packages)
    folder.mkdir(parents=True)
    for archive in sorted((lists / "cache/archives").glob("*.deb")):
        subprocess.run(["dpkg-deb", "--extract", archive, folder], check=True)
    shutil.rmtree(lists)


def wrap(program: Path, root: Path, script: Path, **environment: Path) -> None:
    """Write a script that starts a program with the libraries unpacked into a folder."""
    libraries = sorted({path.parent for top in ("lib", "usr/lib") for path in (root / top).rglob("*.so*")})
    exports = {"LD_LIBRARY_PATH": ":".join(map(str, libraries)), **environment}
    lines = [f"export {name}={shlex.quote(str(value))}\n" for name, value in exports.items()]
    script.write_text(f'#!/bin/sh\n{"".join(lines)}exec {shlex.quote(str(program))} "$@"\n')
    script.chmod(0o755)


def _apt(*arguments: str) -> None:
    if shutil.which("apt-get") is None:
        raise NotDebian("there is no apt-get here")
    subprocess.run(["apt-get", "--quiet=2", *arguments], check=True, env=os.environ | QUIET, stdin=subprocess.DEVNULL)
