"""What must agree between the parts of one instrument: names that are used must be there, once each."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from feedback.domain.errors import InstrumentRefused
from feedback.domain.instrument import About, HigherIs, Instrument, Item, ItemKind, ScoreRule
from feedback.instruments.fields import Fields

RESERVED = frozenset({"audience", "nonce", "send_as_is", "lang", "easy", "kiosk"})
"""Names of the form's own fields; an item so called would be mistaken for one of them."""

MOST_ITEMS = 200
MOST_SCORES = 50

FACES = 5
"""How many faces are drawn, from sad to glad."""


def check_whole(instrument: Instrument, top: Fields) -> None:
    """Pass when every reference in the instrument leads somewhere. Raises `InstrumentRefused`."""
    for name, parts, most in (("items", instrument.items, MOST_ITEMS), ("scores", instrument.scores, MOST_SCORES)):
        if len(parts) > most:
            raise top.refuse(f'"{name}" has {len(parts)} parts; {most} are the most')
    twice = _first_repeated(item.id for item in instrument.items)
    if twice is not None:
        raise _refuse(top, "item", twice, "another item has this id; give each its own")
    asked: dict[str, Item] = {}
    for item in instrument.items:
        _check_item(item, asked, top)
        asked[item.id] = item
    twice = _first_repeated(rule.id for rule in instrument.scores)
    if twice is not None:
        raise _refuse(top, "score", twice, "another score has this id; give each its own")
    scales = {item.id for item in instrument.scales}
    for rule in instrument.scores:
        _check_score(rule, scales, top)
    _check_detector(instrument, top)
    if instrument.easier_of == instrument.id:
        raise top.refuse('"easier_of" must name another instrument')


def check_stated(instrument: Instrument, file: str) -> None:
    """Pass an instrument that says what it is about and which end of its scores is good. Raises `InstrumentRefused`.

    Read upside down, one who recovers would be taken for one who breaks off.
    """
    top = Fields(file, "the file", {})
    beside = "or say it beside a FHIR Questionnaire"
    if instrument.about is None:
        raise top.refuse(
            'it does not say what it is about; write "about": "session" for what is judged for possible ruptures, else '
            f'"symptoms" or "other", {beside} (--about)'
        )
    if instrument.higher_is is None:
        raise top.refuse(
            'it does not say which end of its scores is good; write "higher_is": "better" or "higher_is": "worse", '
            f"{beside} (--higher-is)"
        )
    if instrument.about is About.SESSION and instrument.higher_is is HigherIs.WORSE:
        raise top.refuse(
            'a high score about the session must be a good one; name the items whose high end is bad in "reverse" of '
            'the score, and write "higher_is": "better"'
        )


def check_beside(instrument: Instrument, file: str, about: About | None, higher_is: HigherIs | None) -> None:
    """Pass when an instrument file says what is said beside it, if anything is. Raises `InstrumentRefused`."""
    for name, said, own in (("about", about, instrument.about), ("higher_is", higher_is, instrument.higher_is)):
        if said not in {None, own}:
            raise Fields(file, "the file", {}).refuse(
                f'an instrument file says it itself; write "{name}": "{said}" into it'
            )


def _check_item(item: Item, earlier: Mapping[str, Item], top: Fields) -> None:
    if item.id in RESERVED:
        raise _refuse(top, "item", item.id, "this id is the name of a field of the form itself; choose another")
    twice = _first_repeated(option.value for option in item.options)
    if twice is not None:
        raise _refuse(top, "item", item.id, f'two options have the value "{twice}"; give each its own')
    if item.labels and len(item.labels) != item.points:
        raise _refuse(top, "item", item.id, f'"labels" must word each of its {item.points} steps, lowest first')
    if item.faces and len(item.labels) != FACES:
        raise _refuse(top, "item", item.id, f'"faces" stand beside words: give it {FACES} points and {FACES} "labels"')
    if item.shown_when is None:
        return
    asked = earlier.get(item.shown_when.item)
    if asked is None or asked.kind is not ItemKind.CHOICE:
        raise _refuse(top, "item", item.id, '"shown_when" must name a choice item that is asked before this one')
    if asked.shown_when is not None:
        raise _refuse(top, "item", item.id, f'"shown_when" must name an item that is always asked; "{asked.id}" is not')
    if not item.shown_when.values or not item.shown_when.values <= {option.value for option in asked.options}:
        raise _refuse(top, "item", item.id, f'"shown_when" must list option values of "{asked.id}"')


def _check_score(rule: ScoreRule, scales: Collection[str], top: Fields) -> None:
    for item in rule.items:
        if item not in scales:
            raise _refuse(top, "score", rule.id, f'"{item}" is not a scale item of this file; name only those')
    if not rule.items:
        raise _refuse(top, "score", rule.id, '"items" is empty; name the items it is made of')
    if not rule.reverse <= set(rule.items):
        raise _refuse(top, "score", rule.id, '"reverse" must name items of the same score')
    for cutoff in rule.cutoffs:
        if not rule.low <= cutoff.value <= rule.high:
            raise _refuse(top, "score", rule.id, f"the cut-off {cutoff.value:g} lies outside its range; correct one")


def _check_detector(instrument: Instrument, top: Fields) -> None:
    hints, items = instrument.detector, instrument.by_id
    if hints.direct_item is not None and _kind(items.get(hints.direct_item)) is not ItemKind.CHOICE:
        raise Fields(top.file, "detector", {}).refuse('"direct_item" must name a choice item')
    if hints.closest_item is not None and _kind(items.get(hints.closest_item)) is not ItemKind.MULTICHOICE:
        raise Fields(top.file, "detector", {}).refuse('"closest_item" must name a multichoice item')


def _kind(item: Item | None) -> ItemKind | None:
    return item.kind if item is not None else None


def _first_repeated(names: Iterable[str]) -> str | None:
    return next((name for name, count in Counter(names).items() if count > 1), None)


def _refuse(top: Fields, noun: str, name: str, remedy: str) -> InstrumentRefused:
    return Fields(top.file, f'{noun} "{name}"', {}).refuse(remedy)
