"""HL7's published JSON schemas, as far as we write FHIR: `tests/data/fhir/`, and how they were cut down.

`python -m tests.support.fhir_schemas R5 path/to/fhir.schema.json` writes one of them anew.
"""

import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft6Validator

from feedback.instruments import FhirRelease
from tests.support.folders import ROOT

FOLDER = ROOT / "tests" / "data" / "fhir"
RESOURCES = ("Bundle", "Measure", "MeasureReport", "Questionnaire")


@cache
def _validator(release: FhirRelease, kind: str) -> Draft6Validator:
    schema = json.loads((FOLDER / f"{release.upper()}.schema.json").read_text(encoding="utf-8"))
    Draft6Validator.check_schema(schema)
    return Draft6Validator({"definitions": schema["definitions"], "allOf": [{"$ref": f"#/definitions/{kind}"}]})


def faults(resource: dict[str, Any], release: FhirRelease) -> list[str]:
    """Say what the published schema finds wrong with a resource, taken as what it says it is."""
    kind = resource.get("resourceType")
    if kind not in RESOURCES:
        return [f"{kind} is none of ours"]
    return [f"{each.json_path}: {each.message}" for each in _validator(release, kind).iter_errors(resource)]


def cut_down(published: dict[str, Any]) -> str:
    """Write a published schema with nothing but our resources and what they refer to, a definition a line."""
    definitions = published["definitions"]
    any_of_ours = {"oneOf": [{"$ref": f"#/definitions/{name}"} for name in RESOURCES]}
    definitions["ResourceList"] = any_of_ours
    kept: set[str] = set()
    wanted = list(RESOURCES)
    while wanted:
        name = wanted.pop()
        if name not in kept:
            kept.add(name)
            wanted += _referred(definitions[name])
    lines = ",\n".join(f"{json.dumps(name)}: {_line(_bare(definitions[name]))}" for name in sorted(kept))
    head = {"$schema": published["$schema"], "id": published["id"]} | any_of_ours
    return f'{_line(head)[:-1]}, "definitions": {{\n{lines}\n}}}}\n'


def _line(node: Any) -> str:
    return json.dumps(node, ensure_ascii=False)


def _referred(node: Any) -> Iterator[str]:
    parts = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, part in parts:
        if name == "$ref":
            yield part.rpartition("/")[2]
        else:
            yield from _referred(part)


def _bare(node: Any, *, is_named: bool = False) -> Any:
    """Leave descriptions out, but for an element that is called so."""
    if isinstance(node, list):
        return [_bare(part) for part in node]
    if not isinstance(node, dict):
        return node
    return {
        name: _bare(part, is_named=name == "properties")
        for name, part in node.items()
        if is_named or name != "description"
    }


if __name__ == "__main__":
    (FOLDER / f"{sys.argv[1]}.schema.json").write_text(
        cut_down(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))), encoding="utf-8"
    )
