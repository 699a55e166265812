"""FHIR `Questionnaire`, valid by the published schema, written and read: nothing lost, nothing the form cannot show."""

import json

import pytest
from fhir.resources import questionnaire as r5
from fhir.resources.R4B import questionnaire as r4b

from feedback import instruments
from feedback.domain.errors import InstrumentRefused
from feedback.domain.instrument import ItemKind
from feedback.instruments import FhirRelease
from tests.support.fhir_schemas import faults
from tests.support.questionnaires import RATING, a_questionnaire, an_instrument_file, weighted

MODELS = {FhirRelease.R4: r4b.Questionnaire, FhirRelease.R4B: r4b.Questionnaire, FhirRelease.R5: r5.Questionnaire}
"""R4B left `Questionnaire` as it was in R4."""

OWN = instruments.as_questionnaire(instruments.read_any(an_instrument_file(), "ours.json")[0], FhirRelease.R4B)
R4_TYPES = {
    "group", "display", "boolean", "decimal", "integer", "date", "dateTime", "time", "string", "text", "url", "choice",
    "open-choice", "attachment", "reference", "quantity",
}  # fmt: skip
R5_TYPES = R4_TYPES - {"choice", "open-choice"} | {"coding", "question"}


def items_of(resource):
    for item in resource.get("item", ()):
        yield item
        yield from items_of(item)


def with_plain_blanks(instrument):
    """The instrument as R4 can hold it: its schema takes no blank for text but the plain one."""
    plain = instruments.as_questionnaire(instrument, FhirRelease.R5).decode()
    return instruments.read_any(plain.replace("\u00a0", " ").replace("\u202f", " ").encode(), "q.json")[0]


@pytest.mark.parametrize("release", FhirRelease)
@pytest.mark.parametrize("name", instruments.known(), ids="-".join)
def test_what_ships_is_a_valid_questionnaire_and_comes_back_unchanged(name, release):
    instrument = instruments.load(*name)
    written = instruments.as_questionnaire(instrument, release)
    MODELS[release].model_validate_json(written)
    assert faults(json.loads(written), release) == []
    back = instruments.read_any(written, "q.json")[0]
    assert back == (instrument if release is FhirRelease.R5 else with_plain_blanks(instrument))


@pytest.mark.parametrize("release", FhirRelease)
def test_codes_are_those_of_the_release(release):
    written = json.loads(instruments.as_questionnaire(instruments.load("rapport-session-easy"), release))
    types = {item["type"] for item in items_of(written)}
    assert types <= (R5_TYPES if release is FhirRelease.R5 else R4_TYPES)
    assert written["status"] in {"draft", "active", "retired", "unknown"}
    assert len({item["linkId"] for item in items_of(written)}) == len([*items_of(written)])
    weights = {ext["url"].rsplit("/", 1)[1] for item in items_of(written) for option in item.get("answerOption", ())
               for ext in option.get("extension", ())}  # fmt: skip
    assert weights == {"itemWeight" if release is FhirRelease.R5 else "ordinalValue"}


def test_a_questionnaire_of_another_system_is_read_as_it_is_meant():
    r4b.Questionnaire.model_validate_json(a_questionnaire())
    found, written = instruments.read_any(a_questionnaire(), "ward.json")
    assert (found.id, found.version, found.title) == ("ward7-form", 3, "How was it?")
    assert found.licence.holder == "Ward 7"
    assert found.licence.needs_permission
    calm, heard, missing, what = found.items
    assert (calm.kind, calm.points, calm.low, calm.high) == (ItemKind.SCALE, 11, "not at all", "very")
    assert (heard.id, heard.group, heard.labels) == ("grp_2", "grp", ("Never", "At times", "Always"))
    assert heard.values == (0, 5, 10)
    assert [option.value for option in missing.options] == ["n", "y"]
    assert (what.shown_when.item, what.shown_when.values) == (missing.id, {"y"})
    assert (found.total.items, found.total.min_answered) == ((calm.id, heard.id), 1)
    assert instruments.read_instrument(written, "kept.json") == found


def test_a_server_may_write_whole_numbers_with_a_point():
    written = OWN.replace(b'"valueDecimal": 1\n', b'"valueDecimal": 1.0\n')
    assert written != OWN
    assert instruments.read_any(written, "q.json")[0].total.min_answered == 1


def test_a_mark_at_the_start_and_a_bound_with_a_point_are_read():
    bounds = [RATING[0], RATING[1] | {"valueInteger": 10.0}]
    content = b"\xef\xbb\xbf" + a_questionnaire("item", 0, "extension", to=bounds)
    assert instruments.read_any(content, "q.json")[0].items[0].points == 11


@pytest.mark.parametrize("name", ["questionnaire-ordinalValue", "iso21090-CO-value"])
def test_weights_under_their_older_names_are_weights(name):
    content = a_questionnaire().replace(b"StructureDefinition/ordinalValue", f"StructureDefinition/{name}".encode())
    assert instruments.read_any(content, "q.json")[0] == instruments.read_any(a_questionnaire(), "q.json")[0]


def test_what_is_said_not_to_hold_is_no_hindrance():
    shown = [{"url": f"{STRUCTURE}questionnaire-hidden", "valueBoolean": False}]
    assert instruments.read_any(a_questionnaire("item", 3, "extension", to=shown), "q.json")[0].items[3].id == "item_4"
    assert instruments.read_any(a_questionnaire("item", 3, "readOnly", to=False), "q.json")[0].items[3].id == "item_4"


def test_a_rating_that_starts_at_one_shows_its_own_numbers():
    bounds = [RATING[0] | {"valueInteger": 1}, RATING[1] | {"valueInteger": 5}]
    calm = instruments.read_any(a_questionnaire("item", 0, "extension", to=bounds), "q.json")[0].items[0]
    assert calm.labels == ("1 – not at all", "2", "3", "4", "5 – very")
    assert calm.values == (0, 2.5, 5, 7.5, 10)


OPTIONS = ("item", 2, "answerOption")
STRUCTURE = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
HIDDEN = [{"url": f"{STRUCTURE}questionnaire-hidden", "valueBoolean": True}]
BY_RULE = [
    {"url": f"{SDC}enableWhenExpression", "valueExpression": {"language": "text/fhirpath", "expression": "%a<3"}}
]
EXCLUSIVE = [{"url": f"{STRUCTURE}questionnaire-optionExclusive", "valueBoolean": True}]
WEIGHT = [{"url": f"{STRUCTURE}ordinalValue", "valueDecimal": 0}]
REFUSED = [
    (("resourceType",), "Bundle", "Questionnaire.resourceType", "other resources hold no questions"),
    (("status",), None, "Questionnaire.status", "add it"),
    (("status",), "retired", "Questionnaire.status", "no longer in use"),
    (("version",), "2.1.0", "Questionnaire.version", "whole number"),
    (("version",), None, "Questionnaire.version", "add it"),
    (("id",), "7", "Questionnaire.id", "begins with a letter"),
    (("language",), None, "Questionnaire.language", "add it"),
    (("title",), "<b>How</b> was it?", "the file", "markup"),
    (("copyright",), None, "Questionnaire.copyright", "whose the words are"),
    (("modifierExtension",), [{"url": "urn:x"}], "Questionnaire", "take it out"),
    (("implicitRules",), "urn:rules", "Questionnaire", "take it out"),
    (("item",), {"linkId": "1"}, "Questionnaire.item", "list"),
    (("item",), [], "Questionnaire.item", "no rating"),
    (("item", 0), "How calm?", "Questionnaire.item[0]", "JSON object"),
    (("item", 0, "linkId"), None, "Questionnaire.item[0].linkId", "add it"),
    (("item", 0, "linkId"), "3", "Questionnaire.item[2].linkId", "give each its own"),
    (("item", 0, "text"), None, "Questionnaire.item[0].text", "add it"),
    (("item", 0, "text"), "Write {{ 7 * 7 }}", 'item "item_1"', "{therapist}"),
    (("item", 0, "type"), "boolean", "Questionnaire.item[0].type", "choice between two options"),
    (("item", 0, "type"), "open-choice", "Questionnaire.item[0].type", "text item"),
    (("item", 0, "type"), "display", "Questionnaire.item[0].type", "title"),
    (("item", 0, "type"), "attachment", "Questionnaire.item[0].type", "cannot be asked"),
    (("item", 0, "extension"), None, "Questionnaire.item[0]", "minValue and maxValue"),
    (("item", 0, "extension", 1, "valueInteger"), 500, "Questionnaire.item[0]", "2 to 101 steps"),
    (("item", 0, "extension", 1, "valueInteger"), "10", "item[0].extension[1].valueInteger", "whole number"),
    (("item", 0, "initial"), [{"valueInteger": 5}], "Questionnaire.item[0].initial", "take it out"),
    (("item", 0, "repeats"), True, "Questionnaire.item[0].repeats", "given once"),
    (("item", 0, "item", 1), None, "Questionnaire.item[0]", "lower and upper"),
    (("item", 0, "item"), [{"linkId": "1a", "text": "Why?", "type": "text"}], "item[0].item[0]", "put others after it"),
    (("item", 0, "modifierExtension"), [{"url": "urn:x"}], "Questionnaire.item[0]", "take it out"),
    (("item", 1, "text"), "About you", "Questionnaire.item[1].text", "no heading"),
    (("item", 1, "repeats"), True, "Questionnaire.item[1].repeats", "no heading"),
    (("item", 1, "item", 0, "answerOption", 1), weighted("S", "At times", 5), "item[1].item[0].answerOption", "equal"),
    (("item", 1, "item", 0, "answerOption", 2), weighted("A", "Always", -1), "item[0].answerOption", "equal steps"),
    (OPTIONS, None, "Questionnaire.item[2]", "answerOption"),
    (("item", 2, "answerValueSet"), "urn:set", "Questionnaire.item[2].answerValueSet", "must stand in the file"),
    ((*OPTIONS, 0), {"valueInteger": 3}, "item[2].answerOption[0]", "valueCoding or valueString"),
    ((*OPTIONS, 0, "valueCoding", "display"), None, "answerOption[0].valueCoding.display", "add it"),
    ((*OPTIONS, 1, "valueCoding", "code"), "N", 'item "item_3"', "give each its own"),
    (("item", 3, "enableWhen", 0, "operator"), "exists", "item[3].enableWhen[0].operator", 'only "="'),
    (("item", 3, "enableWhen", 0, "answerCoding", "code"), "maybe", 'item "item_4"', "option values"),
    (("item", 3, "enableWhen", 0, "question"), "9", 'item "item_4"', "asked before"),
    (("item", 3, "extension"), HIDDEN, "Questionnaire.item[3].extension[0]", "hidden cannot be asked; take it out"),
    (("item", 1, "extension"), HIDDEN, "Questionnaire.item[1].extension[0]", "hidden cannot be asked; take it out"),
    (("item", 3, "extension"), BY_RULE, "Questionnaire.item[3].extension[0]", "an expression cannot decide"),
    (("item", 3, "readOnly"), True, "Questionnaire.item[3].readOnly", "nobody may answer"),
    (("item", 2, "answerConstraint"), "optionsOrString", "Questionnaire.item[2].answerConstraint", "that are listed"),
    ((*OPTIONS, 1, "extension"), EXCLUSIVE, "item[2].answerOption[1].extension[0]", "excludes the others"),
    ((*OPTIONS, 1, "initialSelected"), True, "item[2].answerOption[1].initialSelected", "beforehand"),
    ((*OPTIONS, 1, "extension"), WEIGHT, "Questionnaire.item[2].answerOption[0]", "give one to all of them or to none"),
    (("language",), "de_DE", "Questionnaire.language", "write de-DE"),
    (("item", 3, "maxLength"), 90_000, 'item "item_4"', "1 to 5000"),
]


@pytest.mark.parametrize(
    ("path", "to", "place", "remedy"), REFUSED, ids=lambda part: part if isinstance(part, str) else ""
)
def test_what_the_form_could_not_show_is_refused_with_its_path_and_the_remedy(path, to, place, remedy):
    with pytest.raises(InstrumentRefused) as refusal:
        instruments.read_any(a_questionnaire(*path, to=to), "ward.json")
    assert str(refusal.value).startswith("ward.json, ")
    assert place in str(refusal.value)
    assert remedy in str(refusal.value)
    assert "\n" not in str(refusal.value)


ODD = (
    None,
    True,
    -1,
    0,
    1e308,
    10**30,
    "",
    " ",
    "\u202e",
    "<b>",
    "{x}",
    [],
    [[]],
    {},
    {"url": 7},
    [None],
    "é" * 400,
    "item_1",
    "1\n2",
)


def places(value, path=()):
    """Every place in a JSON value, by its path."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield from places(each, (*path, name))


@pytest.mark.parametrize("content", [a_questionnaire(), OWN], ids=["theirs", "ours"])
def test_whatever_stands_in_the_place_of_whatever_is_read_or_refused_in_one_line(content):
    whole = json.loads(content)
    outcomes = [outcome(put(whole, path, odd)) for path in places(whole) for odd in ODD]
    assert {each.partition(",")[0].partition(":")[0] for each in outcomes} == {"read", "odd.json"}
    assert not [each for each in outcomes if "\n" in each]


def outcome(changed):
    """`read`, once what was read is the same when it is read back; else the refusal."""
    try:
        found, written = instruments.read_any(json.dumps(changed).encode(), "odd.json")
    except InstrumentRefused as refusal:
        return str(refusal)
    assert instruments.read_instrument(written, "kept.json") == found
    return "read"


def put(value, path, odd):
    """A JSON value with something odd at one place."""
    if not path:
        return odd
    changed = value.copy()
    changed[path[0]] = put(value[path[0]], path[1:], odd)
    return changed
