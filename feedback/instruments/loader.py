"""From an instrument file to an `Instrument`. Declarative only: nothing in a file is executed."""

from feedback.domain.instrument import (
    About,
    Cutoff,
    DetectorHints,
    HigherIs,
    Instrument,
    Item,
    ItemKind,
    Licence,
    ResponseOption,
    ScoreRule,
    ShownWhen,
)
from feedback.instruments.checks import check_whole
from feedback.instruments.fields import Fields
from feedback.instruments.parsing import parse

INSTRUMENT_ID = "[a-z][a-z0-9-]{0,63}"
ITEM_ID = "[a-z][a-z0-9_]{0,31}"
LANGUAGE = "[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}"


def read_instrument(content: bytes, file: str) -> Instrument:
    """Read an instrument from the bytes of a JSON file. `file` is its name, for messages only.

    Raises `InstrumentRefused`, naming the file, the item and the remedy.
    """
    return build_instrument(parse(content, file), file)


def build_instrument(value: object, file: str) -> Instrument:
    """Make an instrument of what an instrument file holds, once parsed. Raises `InstrumentRefused`."""
    top = Fields(file, "the file", value)
    instrument = Instrument(
        id=top.text("id", like=INSTRUMENT_ID),
        version=top.whole("version", low=1, high=9999),
        language=top.text("language", like=LANGUAGE),
        title=top.wording("title"),
        intro=top.wording("intro", ""),
        translation=top.text("translation", "original"),
        easier_of=top.text("easier_of", "", like=f"({INSTRUMENT_ID})?"),
        licence=_licence(top.one("licence")),
        citation=top.text("citation", longest=1000),
        recall_period=top.text("recall_period"),
        items=tuple(_item(each) for each in top.many("items")),
        scores=tuple(_score(each) for each in top.many("scores")),
        detector=_detector(top.one("detector")) if top.has("detector") else DetectorHints(),
        about=About(top.text("about", like="|".join(About))) if top.has("about") else None,
        higher_is=HigherIs(top.text("higher_is", like="|".join(HigherIs))) if top.has("higher_is") else None,
    )
    top.finish()
    check_whole(instrument, top)
    return instrument


def _licence(fields: Fields) -> Licence:
    licence = Licence(
        name=fields.text("name"),
        url=fields.text("url", "", like=r"(https?://\S+)?"),
        holder=fields.text("holder"),
        may_ship=fields.truth("may_ship"),
        needs_permission=fields.truth("needs_permission"),
    )
    fields.finish()
    return licence


def _item(fields: Fields) -> Item:
    kind = ItemKind(fields.text("kind", like="|".join(ItemKind)))
    is_scale, is_choice = kind is ItemKind.SCALE, kind in {ItemKind.CHOICE, ItemKind.MULTICHOICE}
    item = Item(
        id=fields.text("id", like=ITEM_ID),
        kind=kind,
        text=fields.wording("text"),
        short=fields.text("short", ""),
        hint=fields.wording("hint", ""),
        points=fields.whole("points", 11, low=2, high=101) if is_scale else 11,
        options=tuple(_option(each) for each in fields.many("options", "value")) if is_choice else (),
        low=fields.wording("low") if is_scale else "",
        high=fields.wording("high") if is_scale else "",
        labels=fields.wordings("labels") if is_scale and fields.has("labels") else (),
        faces=fields.truth("faces", default=False) if is_scale else False,
        group=fields.text("group", "", like=f"({ITEM_ID})?"),
        optional=fields.truth("optional", default=True),
        shown_when=_shown_when(fields.one("shown_when")) if fields.has("shown_when") else None,
        max_length=fields.whole("max_length", low=1, high=5000) if kind is ItemKind.TEXT else 0,
    )
    fields.finish()
    return item


def _option(fields: Fields) -> ResponseOption:
    option = ResponseOption(fields.text("value", like=ITEM_ID), fields.wording("label"))
    fields.finish()
    return option


def _shown_when(fields: Fields) -> ShownWhen:
    shown_when = ShownWhen(fields.text("item", like=ITEM_ID), frozenset(fields.texts("values")))
    fields.finish()
    return shown_when


def _score(fields: Fields) -> ScoreRule:
    low, high = fields.span("range")
    items = fields.texts("items")
    rule = ScoreRule(
        id=fields.text("id", like=ITEM_ID),
        items=items,
        method=fields.text("method", like="mean|sum"),
        low=low,
        high=high,
        min_answered=fields.whole("min_answered", low=1, high=max(1, len(items))),
        reverse=frozenset(fields.texts("reverse", ())),
        cutoffs=tuple(_cutoff(each) for each in fields.many("cutoffs", "value", may_be_empty=True)),
    )
    fields.finish()
    return rule


def _cutoff(fields: Fields) -> Cutoff:
    cutoff = Cutoff(fields.number("value"), fields.text("direction", like="below|above"), fields.text("source"))
    fields.finish()
    return cutoff


def _detector(fields: Fields) -> DetectorHints:
    hints = DetectorHints(
        direct_item=fields.text("direct_item", like=ITEM_ID) if fields.has("direct_item") else None,
        closest_item=fields.text("closest_item", like=ITEM_ID) if fields.has("closest_item") else None,
        top_is_ceiling=fields.truth("top_is_ceiling", default=True),
        parameters=fields.text("parameters", like=INSTRUMENT_ID) if fields.has("parameters") else None,
    )
    fields.finish()
    return hints
