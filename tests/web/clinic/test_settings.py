"""The clinic's settings."""

import pytest

from feedback.domain.help_numbers import PRESETS
from feedback.persistence.audit import list_records
from feedback.persistence.clinic.clinics import get_clinic
from feedback.web.forms import kept_line
from tests.support.html import soup
from tests.support.naughty import SOME

LINES = {
    "name": 80,
    "phone": 40,
    "contact": 200,
    "complaints": 200,
    "help_numbers-0-purpose": 60,
    "help_numbers-0-said": 40,
}
"""Text fields, and how many characters each takes."""


def fields_of(page):
    """What the form would send as it stands."""
    form = soup(page).find("form", action="/clinic/settings")
    text = {one["name"]: one["value"] for one in form.select("input:not([type=checkbox])")}
    ticked = {}
    for one in form.select("input[type=checkbox][checked]"):
        ticked.setdefault(one["name"], []).append(one["value"])
    chosen = {one["name"]: one.select_one("[selected]")["value"] for one in form.select("select")}
    return {name: value for name, value in (text | ticked | chosen).items() if name != "csrf_token"}


def clinic_now(world):
    with world.reading() as uow:
        return get_clinic(uow)


def saves(admin, **changed):
    return admin.sends("/clinic/settings", **(fields_of(admin.opens("/clinic/settings").text) | changed))


def test_saving_what_is_shown_changes_nothing(admin, world):
    before = clinic_now(world)
    assert saves(admin).status_code == 303
    assert clinic_now(world) == before


def test_each_setting_is_kept_and_written_into_the_log(admin, world):
    answer = saves(
        admin,
        name="Quay House",
        timezone="Europe/Dublin",
        phone="01 234 5678",
        contact="Ruth, lead",
        complaints="CORU",
        code_days="5",
        alert_budget="6.5",
        **{"help_numbers-1-said": "116 124", "help_numbers-1-dialled": "116124"},
    )
    assert answer.status_code == 303
    assert "Saved." in admin.opens("/clinic/settings", saved="yes").text
    clinic = clinic_now(world)
    assert (clinic.name, clinic.timezone, clinic.phone) == ("Quay House", "Europe/Dublin", "01 234 5678")
    assert (clinic.contact, clinic.complaints, clinic.code_days) == ("Ruth, lead", "CORU", 5)
    assert clinic.alert_budget == pytest.approx(0.065)
    assert [one.dialled for one in clinic.help_numbers] == ["999", "116124"]
    with world.reading() as uow:
        assert list_records(uow)[-1].action == "clinic.changed"


def test_switches_can_be_turned_off_and_on(admin, world):
    fields = fields_of(admin.opens("/clinic/settings").text)
    without = {name: value for name, value in fields.items() if not name.endswith("_enabled")}
    admin.sends("/clinic/settings", **without)
    assert (clinic_now(world).comment_enabled, clinic_now(world).totals_enabled) == (False, False)
    saves(admin, comment_enabled="y", totals_enabled="y")
    assert (clinic_now(world).comment_enabled, clinic_now(world).totals_enabled) == (True, True)


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("name", "", "Type the clinic’s name."),
        ("timezone", "Atlantis", "IANA name"),
        ("code_days", "0", "From 1 to 14 days."),
        ("code_days", "many", "Not a valid integer value."),
        ("alert_budget", "4.9", "From 5 to 12 percent."),
        ("alert_budget", "12.1", "From 5 to 12 percent."),
        ("help_numbers-0-dialled", "nine nine nine", "Digits only"),
        ("help_numbers-0-dialled", "", "What is dialled has digits"),
    ],
)
def test_a_wrong_value_is_said_and_nothing_is_lost_or_changed(admin, world, field, wrong, said):
    before = clinic_now(world)
    answer = saves(admin, **{field: wrong, "phone": "020 7946 0999"})
    assert answer.status_code == 400
    assert said in answer.text
    assert fields_of(answer.text)[field] == wrong
    assert fields_of(answer.text)["phone"] == "020 7946 0999"
    assert clinic_now(world) == before


def test_an_emptied_row_of_help_numbers_goes(admin, world):
    saves(admin, **{f"help_numbers-0-{part}": "" for part in ("purpose", "said", "dialled")})
    assert [one.dialled for one in clinic_now(world).help_numbers] == ["116123"]


@pytest.mark.parametrize("country", PRESETS)
def test_a_countrys_list_can_be_used_and_says_when_it_was_checked(admin, world, country):
    assert admin.sends("/clinic/settings/preset", country=country).status_code == 303
    clinic, preset = clinic_now(world), PRESETS[country]
    assert (clinic.country, clinic.help_numbers, clinic.complaints) == (country, preset.help_numbers, preset.complaints)
    page = admin.opens("/clinic/settings").text
    assert f"{preset.name}, list of {preset.checked_on:%d %B %Y}" in page
    assert "Check every number before your first client sees it." in page


def test_a_country_without_a_list_is_refused(admin, world):
    before = clinic_now(world)
    assert admin.sends("/clinic/settings/preset", country="ZZ").status_code == 409
    assert clinic_now(world) == before


def test_the_first_page_says_what_is_missing(admin, world):
    assert "No code can be given out yet." not in admin.opens("/clinic").text
    saves(admin, contact="")
    assert "Someone to talk to who is not the therapist is missing." in admin.opens("/clinic").text


def test_a_line_that_is_too_long_is_refused_and_shown_again(admin, world):
    before = clinic_now(world)
    for field, longest in LINES.items():
        answer = saves(admin, **{field: "x" * (longest + 1)})
        assert answer.status_code == 400
        assert fields_of(answer.text)[field] == "x" * (longest + 1)
    assert clinic_now(world) == before


def test_a_name_of_invisible_signs_alone_is_no_name(admin, world):
    before = clinic_now(world)
    assert saves(admin, name="\x00\x07").status_code == 400
    assert clinic_now(world) == before


def test_naughty_text_is_kept_as_it_is_shown(admin, world):
    fields = fields_of(admin.opens("/clinic/settings").text)
    for text in SOME:
        sent = {field: text[:longest] for field, longest in LINES.items()}
        typed = {field: kept_line(value) for field, value in sent.items()}
        if not typed["name"]:
            sent["name"] = typed["name"] = "Harbour Lane"
        answer = admin.sends("/clinic/settings", **(fields | sent))
        assert answer.status_code == 303, ascii(text)
        shown = fields_of(admin.opens("/clinic/settings").text)
        assert {field: shown[field] for field in LINES} == typed, ascii(text)
        clinic = clinic_now(world)
        stored = {field: getattr(clinic, field) for field in ("name", "phone", "contact", "complaints")}
        number = clinic.help_numbers[0]
        stored |= {"help_numbers-0-purpose": number.purpose, "help_numbers-0-said": number.said}
        assert stored == typed, ascii(text)


def test_clients_may_choose_among_the_languages_that_are_ticked_the_clinics_own_first(admin, world):
    assert saves(admin, language="de", languages=["en", "ar", "de"]).status_code == 303
    assert clinic_now(world).languages == ("de", "en", "ar")
    page = soup(admin.opens("/clinic/settings").text)
    assert page.select_one("[name=language] [selected]")["value"] == "de"
    assert [one["value"] for one in page.select("[name=languages][checked]")] == ["en", "de", "ar"]


def test_the_clinics_own_language_is_offered_even_when_it_is_not_ticked(admin, world):
    saves(admin, language="fr", languages=[])
    assert clinic_now(world).languages == ("fr",)


def test_a_translation_nobody_has_checked_is_called_a_draft(admin):
    labels = [
        label.text.strip() for label in soup(admin.opens("/clinic/settings").text).select("label:has([name=languages])")
    ]
    assert labels[:2] == ["English", "Español (draft translation)"]


@pytest.mark.parametrize("wrong", [{"languages": ["tlh"]}, {"language": ""}])
def test_a_language_that_does_not_exist_is_refused(admin, world, wrong):
    before = clinic_now(world)
    assert saves(admin, **wrong).status_code == 400
    assert clinic_now(world) == before
