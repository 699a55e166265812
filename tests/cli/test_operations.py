"""Setting up a clinic and looking after it from the command line."""

import stat
from datetime import date

from feedback.domain.care import Case, Role
from feedback.persistence.accounts.accounts import list_staff
from feedback.persistence.answers.sealed_submissions import newest_submission_key
from feedback.persistence.audit import list_records
from feedback.persistence.cases import care
from feedback.persistence.clinic.clinics import only_clinic
from feedback.persistence.database import Database


def clinic_and_staff(folder):
    database = Database(f"sqlite:///{folder / 'data/feedback.db'}")
    with database.reading(None) as uow:
        clinic = only_clinic(uow)
        people = list_staff(uow.within(clinic.id))
        records = list_records(uow.within(clinic.id))
        key = newest_submission_key(uow)
    database.close()
    return clinic, people, records, key


def test_init_makes_keys_database_clinic_and_an_invited_admin(installed, folders):
    clinic, people, records, key = clinic_and_staff(folders)
    assert (clinic.name, clinic.country, clinic.timezone) == ("Harbour Lane", "GB", "Europe/London")
    assert [number.dialled for number in clinic.help_numbers] == ["999", "111", "116123"]
    assert clinic.complaints
    assert not clinic.may_issue_codes(), "someone to talk to is the clinic's own to name"
    assert [(person.email, person.role, person.is_active) for person in people] == [
        ("anna@clinic.example", Role.CLINIC_ADMIN, False)
    ]
    assert [record.action for record in records] == ["clinic.installed", "staff.invited"]
    assert (folders / f"keys/pool/{key[0]}.key").exists()
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o400 for file in (folders / "keys").rglob("*.key"))


def test_init_prints_the_invitation_and_where_the_keys_are(run, folders):
    done = run("init", "--clinic", "Harbour Lane", "--country", "FR", "--admin-email", "anna@clinic.example")
    assert f"Keys      {folders / 'keys'}" in done.stdout
    assert "http://127.0.0.1:8000/invite/" in done.stdout
    assert "list of" in done.stdout, "the date of the help numbers is said"


def test_init_says_when_clients_will_be_asked_in_a_translation_nobody_has_checked(run, folders):
    done = run("init", "--clinic", "Hafen", "--country", "DE", "--admin-email", "anna@clinic.example")
    assert "Clients are asked in Deutsch: a draft translation." in done.stdout
    assert clinic_and_staff(folders)[0].languages == ("de", "en")


def test_init_takes_the_country_from_the_settings(run, folders, monkeypatch):
    monkeypatch.setenv("FEEDBACK_COUNTRY", "NL")
    run("init", "--clinic", "De Haven", "--admin-email", "anna@clinic.example")
    assert clinic_and_staff(folders)[0].country == "NL"
    assert clinic_and_staff(folders)[0].languages == ("en",)


def test_a_country_without_a_list_is_taken_and_said(run, folders):
    done = run("init", "--clinic", "Hafen", "--country", "SE", "--admin-email", "anna@clinic.example")
    assert done.exit_code == 0
    assert "no help numbers for SE yet" in done.stdout
    assert clinic_and_staff(folders)[0].help_numbers == ()


def test_a_second_init_changes_nothing(installed, folders):
    before = clinic_and_staff(folders)
    done = installed("init", "--clinic", "Other", "--country", "GB", "--admin-email", "eve@clinic.example")
    assert done.exit_code == 2
    assert "already holds a clinic, Harbour Lane" in done.stderr
    assert clinic_and_staff(folders) == before


def test_a_name_or_country_that_will_not_do_is_said_in_one_line(run):
    for name, country in (("", "GB"), ("x" * 81, "GB"), ("Harbour", "GBR"), ("Harbour", "1A")):
        done = run("init", "--clinic", name, "--country", country, "--admin-email", "anna@clinic.example")
        assert done.exit_code == 2
        assert done.stderr.count("\n") == 1


def test_invite_list_and_disable(installed, folders):
    invited = installed("staff", "invite", " Dana@Clinic.example ", "--role", "therapist", "--name", "Dana")
    assert invited.stdout.startswith("http://127.0.0.1:8000/invite/")
    assert "dana@clinic.example  therapist  Dana  invited" in installed("staff", "list").stdout
    again = installed("staff", "reinvite", "dana@clinic.example", "--role", "therapist")
    assert again.stdout.startswith("http://127.0.0.1:8000/invite/")
    assert again.stdout != invited.stdout
    assert installed("staff", "disable", "DANA@clinic.example").exit_code == 0
    assert "disabled since" in installed("staff", "list").stdout
    assert clinic_and_staff(folders)[2][-1].actor == "operator"


def test_disabling_a_therapist_asks_where_the_open_cases_go(installed, folders):
    for name in ("dana", "iris"):
        installed("staff", "invite", f"{name}@clinic.example", "--role", "therapist", "--name", name.title())
    clinic, people, *_ = clinic_and_staff(folders)
    dana = next(one.id for one in people if one.display_name == "Dana")
    codes = ("00000-0", "11111-F", "K7Q2X-7")
    database = Database(f"sqlite:///{folders / 'data/feedback.db'}")
    with database.writing(clinic.id) as uow:
        uow.connection.exec_driver_sql("UPDATE staff SET password_hash = 'set' WHERE display_name = 'Iris'")
        for code in codes:
            care.add_case(uow, Case(code, dana, date(2026, 1, 5)))
    database.close()
    asked = installed("staff", "disable", "dana@clinic.example")
    assert asked.exit_code == 2
    assert "Dana leads 3 open cases." in asked.stderr
    assert "--cases-to or --keep-cases" in asked.stderr
    assert installed("staff", "hand-over", "dana@clinic.example", "--to", "iris@clinic.example").exit_code == 2
    assert installed("staff", "disable", "dana@clinic.example", "--keep-cases").exit_code == 0
    one = installed("staff", "hand-over", "dana@clinic.example", "--to", "iris@clinic.example", "--case", codes[0])
    assert "1 case handed over to iris@clinic.example." in one.stdout
    rest = installed("staff", "hand-over", "dana@clinic.example", "--to", "iris@clinic.example")
    assert "2 cases handed over" in rest.stdout


def test_the_last_admin_cannot_be_disabled(installed):
    done = installed("staff", "disable", "anna@clinic.example")
    assert done.exit_code == 2
    assert "Invite another one first" in done.stderr


def test_disabling_nobody_says_where_to_look(installed):
    done = installed("staff", "disable", "nobody@clinic.example")
    assert (done.exit_code, "feedback staff list" in done.stderr) == (2, True)


def test_a_key_that_others_can_read_is_named_with_the_remedy(installed, folders):
    key = folders / "keys/data.key"
    key.chmod(0o444)
    done = installed("keys", "check")
    assert done.exit_code == 1
    assert f"chmod 400 {key}" in done.stderr


def test_keys_init_and_check(run, folders):
    assert run("keys", "check").exit_code == 1
    assert run("keys", "init").exit_code == 0
    first = (folders / "keys/data.key").read_text()
    assert run("keys", "init").exit_code == 0
    assert (folders / "keys/data.key").read_text() == first
    assert "in order" in run("keys", "check").stdout


def test_an_instrument_file_is_exported_checked_and_refused_when_wrong(run, tmp_path):
    assert "rapport-session  en" in run("instruments", "list").stdout
    file = tmp_path / "ours.json"
    file.write_text(run("instruments", "export", "rapport-session").stdout)
    assert "ours.json is in order" in run("instruments", "check", str(file)).stdout
    file.write_text("{}")
    done = run("instruments", "check", str(file))
    assert (done.exit_code, done.stderr.startswith("feedback: ours.json")) == (2, True)


def test_an_unknown_instrument_is_named_as_such(installed):
    done = installed("instruments", "export", "nothing")
    assert (done.exit_code, "nothing" in done.stderr) == (2, True)


def test_turning_the_data_key_over_says_what_was_done_and_what_may_go(installed, folders):
    installed("staff", "invite", "dana@clinic.example", "--role", "therapist")
    before = (folders / "keys/data.key").read_text()
    done = installed("keys", "rotate")
    assert done.exit_code == 0, done.output
    assert "0 texts are sealed under the new data key" in done.stdout
    (earlier,) = (folders / "keys").glob("data.*.key")
    assert earlier.name in done.stdout
    assert earlier.read_text() == before != (folders / "keys/data.key").read_text()
    assert installed("keys", "check").exit_code == 0
