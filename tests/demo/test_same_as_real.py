"""The demo writes many rows at once; they must be those that the product itself would have written."""

from sqlalchemy import select, text

from feedback import instruments
from feedback.persistence.audit import list_records
from feedback.persistence.cases import care
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.flags import findings
from feedback.persistence.tables import cases, responses
from feedback.security.audit_chain import audit_chain
from feedback.services.flags.run_detection import judge_again, make_judge
from tests.demo.conftest import NOW

VISIBLE = {
    "cases": "code, therapist_id, opened_on, closed_on, seats, instrument_id, language, last_held_on",
    "therapy_sessions": "case_code, number, held_on",
    "responses": "case_code, session_number, seat, language, steps, score, length(sealed_comment)",
    "answers": "case_code, session_number, seat, item_id, choice, value",
    "findings": "case_code, session_number, probability, flag, level, forms, value, evidence",
    "rupture_flags": "id, case_code, session_number, status, held_on, finding, direct, fell_by",
    "flag_reviews": "flag_id, number, old_status, new_status, by_staff, on_day",
    "repair_notes": "flag_id, talked_on, length(sealed_note)",
    "staff": "id, email, display_name, role, team_id",
    "clinics": "id, name, help_numbers, contact, retention_months",
}
"""What people see of each table. Keys, passwords, nonces and receipts are drawn anew every time."""


def visible(demo):
    with demo.reading() as uow:
        return {
            name: sorted(map(repr, uow.connection.execute(text(f"SELECT {columns} FROM {name}"))))  # noqa: S608  constants
            for name, columns in VISIBLE.items()
        }


def test_the_same_seed_gives_the_same_clinic_and_another_seed_another(small):
    first, again, other = visible(small("one")), visible(small("two")), visible(small("three", seed=2))
    assert first == again
    assert all(first.values()), [name for name, rows in first.items() if not rows]
    assert not [name for name in ("cases", "answers", "findings") if first[name] == other[name]]


def test_passwords_tokens_and_keys_are_never_the_same(small):
    one, two = small("one"), small("two")
    assert one.made.therapist.password != two.made.therapist.password
    assert one.made.code.token != two.made.code.token
    assert one.installation.keyring.keys != two.installation.keyring.keys


def test_judging_every_case_again_from_its_answers_gives_the_same_findings_and_states(small):
    demo = small("one")
    instrument = instruments.load("rapport-session")
    with demo.installation.database.writing(demo.clinic_id) as uow:
        judge = make_judge(instrument, get_clinic(uow).alert_budget, demo.installation.chance)
        for code in [*uow.connection.scalars(select(cases.c.code))]:
            before, state = findings.list_findings(uow, code), findings.get_state(uow, code, "A")
            judge_again(uow, judge, care.get_case(uow, code), "A")
            assert findings.list_findings(uow, code) == before
            assert findings.get_state(uow, code, "A") == state


def _answered(uow, code):
    return uow.connection.execute(select(responses).where(responses.c.case_code == code)).all()


def test_the_audit_log_is_whole_and_in_order(small):
    demo = small("one")
    link = audit_chain(demo.installation.keyring)
    with demo.reading() as uow:
        records = list_records(uow)
    before = b""
    for number, one in enumerate(records, 1):
        parts = (demo.clinic_id, str(number), one.at.isoformat(), one.actor, one.action, one.subject)
        before = link(before, parts)
        assert (one.number, one.chain) == (number, before)
    assert [one.at for one in records] == sorted(one.at for one in records)
    assert records[-1].at == NOW
    assert {"case.opened", "therapy_session.added", "flag.reviewed", "access_code.issued"} <= {
        one.action for one in records
    }
