"""From the fields of a posted form to a `Response`. The form class validates; the template draws."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import ValidationError

from feedback.domain.audience import Audience
from feedback.domain.instrument import Instrument, Item, ItemKind
from feedback.domain.plain_text import plain_text
from feedback.domain.response import Response
from feedback.web.i18n import gettext_noop
from feedback.web.intake.form_page import FormPage

UNREAD = gettext_noop("Some answers could not be read, and are blank now. The rest is still here.")
NOTES_OFF = gettext_noop("Notes have been switched off here. Your note was not sent. You can send the rest.")
EMPTY = gettext_noop(
    "Nothing is filled in, so there was nothing to send. You can answer now, or leave it. Both are fine."
)
CHOOSE = gettext_noop("Please choose who reads this: use one of the buttons at the end.")

_classes: dict[tuple[str, int, str, str], type[FlaskForm]] = {}


class ChosenField(Field):  # type: ignore[misc]  # WTForms has no types
    """One of some values, or several of them. What is none of them is an error; white space alone is left blank.

    WTForms' own choice fields make an object of every choice at every send, to draw it: 1,300 of a send's 6,200 calls.
    These are never drawn, the template does that.
    """

    def __init__(self, *, values: frozenset[str], takes_several: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.values = values
        self.takes_several = takes_several
        self.data: tuple[str, ...] = ()

    def process_data(self, _value: object) -> None:
        """Begin with nothing chosen."""
        self.data = ()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was posted: the first value where there can be only one."""
        posted = valuelist if self.takes_several else valuelist[:1]
        self.data = () if not self.takes_several and not "".join(posted).strip() else tuple(posted)

    def pre_validate(self, _form: Any) -> None:
        """Pass what is among the values. Raises `ValidationError` for anything else."""
        if not self.values.issuperset(self.data):
            raise ValidationError("This is not one of the answers.")


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody gave. `unread` is true when a field held something the form cannot have sent.

    `left_out` is a note to a clinic that takes none any more: the form was opened when it still did.
    """

    audience: Audience | None
    ratings: Mapping[str, float]
    choices: Mapping[str, tuple[str, ...]]
    comment: str
    excess: Mapping[str, int]
    given: Mapping[str, tuple[str, ...]]
    unread: bool
    goes_as_is: bool
    left_out: str = ""

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to keep: no answer to any question, and no note."""
        return not (self.ratings or self.choices or self.comment)

    def as_response(self, page: FormPage, audience: Audience) -> Response:
        """Return the response these answers make under the page's instrument."""
        scales = page.instrument.scales
        return Response(
            instrument_id=page.instrument.id,
            instrument_version=page.instrument.version,
            language=page.instrument.language,
            audience=audience,
            ratings=self.ratings,
            choices=self.choices,
            comment=self.comment,
            steps=scales[0].points if scales else 11,
        )


def read_answers(page: FormPage, fields_sent: MultiDict[str, str]) -> Answers:
    """Read the fields of a form. Only what the page asked is read; hidden follow-ups are dropped."""
    form = _form_class(page.instrument)(fields_sent)
    form.validate()
    fields = {name.removeprefix("item_"): each for name, each in form._fields.items()}
    given = {item.id: values for item in page.asked if (values := _values(item, fields[item.id]))}
    shown = {item.id: given[item.id] for item in page.asked if item.id in given and _is_shown(item, given)}
    texts = {item: shown[item.id][0] for item in page.asked if item.kind is ItemKind.TEXT and item.id in shown}
    return Answers(
        audience=_audience(page, fields["audience"].data),
        ratings={item.id: item.values[int(shown[item.id][0])] for item in page.instrument.scales if item.id in shown},
        choices={item.id: shown[item.id] for item in page.asked if item.options and item.id in shown},
        comment="\n\n".join(texts.values()),
        excess={item.id: len(text) - item.max_length for item, text in texts.items() if len(text) > item.max_length},
        given=given,
        unread=any(fields[item.id].errors for item in page.asked),
        goes_as_is=bool(fields["send_as_is"].data),
        left_out=_left_out(page, fields),
    )


def _left_out(page: FormPage, fields: Mapping[str, Any]) -> str:
    unasked = (item for item in page.instrument.items if item.kind is ItemKind.TEXT and item not in page.asked)
    return "\n\n".join(text for item in unasked for text in _values(item, fields[item.id]))


def _form_class(instrument: Instrument) -> type[FlaskForm]:
    """Make the form class of an instrument once. Prefixed attributes keep item ids apart from a form's own names."""
    key = instrument.key
    if key not in _classes:
        members: dict[str, Any] = {f"item_{item.id}": _field(item) for item in instrument.items}
        members["Meta"] = type("Meta", (), {"csrf": False})
        members["audience"] = StringField()
        members["send_as_is"] = StringField()
        _classes[key] = type("InstrumentForm", (FlaskForm,), members)
    return _classes[key]


def _field(item: Item) -> Any:
    if item.kind is ItemKind.TEXT:
        return TextAreaField(name=item.id)
    if item.kind is ItemKind.SCALE:
        return ChosenField(name=item.id, values=frozenset(map(str, range(item.points))))
    values = frozenset(option.value for option in item.options)
    return ChosenField(name=item.id, values=values, takes_several=item.kind is ItemKind.MULTICHOICE)


def _values(item: Item, field: Any) -> tuple[str, ...]:
    """Return a field's values as posted and understood: none when one of them is not among the choices."""
    if field.errors or not field.data:
        return ()
    if item.kind is ItemKind.TEXT:
        text = plain_text(field.data) if field.data.strip() else ""
        return (text,) if text else ()
    if item.kind is ItemKind.MULTICHOICE:
        return tuple(option.value for option in item.options if option.value in field.data)
    return tuple(field.data)


def _is_shown(item: Item, given: Mapping[str, tuple[str, ...]]) -> bool:
    """Return whether the page can have shown an item: where follow-ups cannot be hidden, no answer shows them too."""
    rule = item.shown_when
    return rule is None or rule.item not in given or not rule.values.isdisjoint(given[rule.item])


def _audience(page: FormPage, posted: str | None) -> Audience | None:
    audience = Audience.of(posted)
    return audience if page.totals_enabled or audience is Audience.THERAPIST else None
