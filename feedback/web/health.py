"""For the operator: is the process up, and is everything there that it needs?"""

import shutil
from collections.abc import Callable

from flask import Blueprint, Response, jsonify

from feedback import paths
from feedback.bootstrap import Installation
from feedback.persistence.upkeep.migrate import is_current
from feedback.security.keyring import Keyring
from feedback.services.upkeep import examine
from feedback.web.surfaces import here

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> Response:
    """Say that the process answers."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@health.get("/readyz")
def ready() -> tuple[Response, int]:
    """Say for each thing needed whether it is in order: 200 when all are, else 503."""
    found = {name: holds(check, here()) for name, check in CHECKS.items()}
    return jsonify({name: "ok" if good else "not in order" for name, good in found.items()}), (
        200 if all(found.values()) else 503
    )


def _migrations(installation: Installation) -> bool:
    return is_current(installation.database, paths.migrations())


def _keys(installation: Installation) -> bool:
    """The data key may be turned over while the server runs: its ring reads it anew by itself."""
    found, own = Keyring.load(installation.settings.keys_dir).keys, installation.keyring.keys
    return all(found[purpose] == key for purpose, key in own.items() if purpose != "data")


def _disk(installation: Installation) -> bool:
    return shutil.disk_usage(installation.settings.data_dir).free >= examine.LEAST_FREE_BYTES


def _content(installation: Installation) -> bool:
    damage = installation.database.damage
    return not (damage and damage.said)


CHECKS: dict[str, Callable[[Installation], bool]] = {
    "migrations": _migrations,
    "keys": _keys,
    "disk": _disk,
    "content": _content,
}


def holds(check: Callable[[Installation], bool], installation: Installation) -> bool:
    """Run one check; whatever goes wrong in it means no, and its words could tell a stranger too much."""
    try:
        return check(installation)
    except Exception:  # noqa: BLE001  a health page that fails says less than one that says no
        return False
