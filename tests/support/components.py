"""`docs/components.json`: what the product is made of, read off the locks, as CycloneDX 1.6.

For programs that look components up in lists of known faults. Which files each may come from stands in the locks.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from feedback import __version__
from tests.support.folders import ROOT

ALWAYS, ON_REQUEST = "requirements.lock", "requirements-oidc.lock"
"""What every installation has, and that with what only a clinic with a sign-in of its organisation's needs."""

ITSELF = "feedback"
_PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^\s;\\]+)(?: ; (?P<when>[^\\]+?))? \\$", re.MULTILINE)
_ASKS = re.compile(r"^    #\s+(?:via )?([a-z0-9-]+)(?: \(pyproject\.toml\))?$", re.MULTILINE)


def components_page() -> str:
    """Write every component with its version, whether it is always there, and what asks for it."""
    always = {reference for _, reference, _, _ in _pins(ALWAYS)}
    found, uses = [], defaultdict(set)
    for name, reference, when, asking in _pins(ON_REQUEST):
        scope = "required" if reference in always else "optional"
        version = reference.rpartition("@")[2]
        part = {"type": "library", "bom-ref": reference, "name": name, "version": version, "scope": scope}
        found.append(part | {"purl": reference} | (_only(when) if when else {}))
        for one in asking:
            uses[one].add(reference)
    names = {ITSELF: [ITSELF]} | {part["name"]: [] for part in found}
    for part in found:
        names[part["name"]].append(part["bom-ref"])
    written = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": ITSELF, "name": ITSELF, "version": __version__}},
        "components": found,
        "dependencies": [
            {"ref": reference, "dependsOn": sorted(uses[name])} for name in names for reference in names[name]
        ],
    }
    return json.dumps(written, indent=1) + "\n"


def _only(when: str) -> dict[str, Any]:
    """Say on which systems a component is there."""
    return {"properties": [{"name": "environment", "value": when}]}


def _pins(lock: str) -> Iterator[tuple[str, str, str | None, set[str]]]:
    """Return of each pin of a lock its name, its address among packages, its condition, and what asks for it."""
    for entry in re.split(r"\n(?=[a-z])", (ROOT / lock).read_text(encoding="utf-8")):
        pin = _PIN.match(entry)
        assert pin, entry[:60]
        reference = f"pkg:pypi/{pin['name']}@{pin['version']}"
        yield pin["name"], reference, pin["when"], set(_ASKS.findall(entry)) - {"via"}
