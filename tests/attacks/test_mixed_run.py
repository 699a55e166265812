"""One long run of everything that deletes: a thief then takes every file, the log and a backup, and looks.

Clients send to the therapist and *without the therapist seeing it*, take back, cases end; nights rewrite, purge and
close periods. Of whatever is gone no mark may be left anywhere; and neither the order of sealed rows nor, on
PostgreSQL, the number of a transaction says whose they are. `SOAK=1` does a thousand things.
"""

import random
import secrets
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from feedback.domain.audience import Audience
from feedback.persistence.tables import findings, responses, rupture_flags, sealed_submissions, taken_back
from feedback.security.access_codes import SystemChance
from feedback.security.backup_seal import unseal_lines
from feedback.security.receipts import receipt_hash, submission_id
from feedback.services.answers.withdraw_response import withdraw_response
from feedback.services.upkeep.run_scheduled_jobs import run_due
from feedback.services.upkeep.write_backup import write_backup
from tests.attacks.test_sealed_submissions import AT_CHANCE, MANY, in_order, rank_correlation, rows
from tests.support.answering import LOW, sends
from tests.support.soak import scaled
from tests.support.written import Written, everything_written, recycle_the_log

DEEDS = scaled(90, 1_000)
FEWEST_TO_ORDER = 40
FIRST = date(2026, 3, 2)
DAYS = 460
"""Over so many days everything has its time: comments after 90, answers after 12 months."""


@dataclass
class Answer:
    """An answer that was sent: its receipt, to whom, and every mark of it that was seen in the tables."""

    receipt: str
    hashed: bytes
    is_shared: bool
    comment: str
    marks: set[bytes] = field(default_factory=set)


@dataclass
class Run:
    """The clinic over the days, and what was sent."""

    world: object
    coin: random.Random
    day: date = FIRST
    cases: list = field(default_factory=list)
    sent: list[Answer] = field(default_factory=list)

    def today(self):
        return self.world.on(self.day)

    def answers(self, *, is_shared):
        """A client comes, is shown a code, and sends."""
        there = self.today()
        if len(self.cases) < 8 or self.coin.random() < 0.05:
            self.cases.append(there.opens_a_case())
        code = there.shows_a_code(case := self.coin.choice(self.cases), there.meets(case))
        comment = f"Planted{secrets.token_hex(12)}"
        audience = Audience.THERAPIST if is_shared else Audience.TOTALS
        receipt = sends(there, code, LOW, audience=audience, comment=comment, off="yes")
        hashing = receipt_hash if is_shared else submission_id
        found = Answer(receipt, hashing(self.world.installation.keyring, receipt), is_shared, comment)
        self.sent.append(found)
        self.look()

    def takes_back(self):
        """Somebody takes an answer back; whether it is still there makes no difference."""
        if self.sent:
            it, chosen = self.today().installation, self.coin.choice(self.sent[-40:])
            with it.database.writing(None) as uow:
                withdraw_response(uow, it.clock, it.keyring, SystemChance(), receipt=chosen.receipt, journal=it.journal)

    def night(self):
        """Days pass; what is due is done."""
        self.day += timedelta(days=self.coin.randint(1, max(1, 4 * DAYS // DEEDS)))
        it = self.today().installation
        run_due(it.database, it.clock, it.keyring, SystemChance(), journal=it.journal, rule=it.rule)
        self.look()

    def look(self):
        """Note the marks of every answer as the tables hold it: sealed bytes, hashes, ids, what was made of it."""
        known = {answer.hashed: answer.marks for answer in self.sent}
        with self.world.reading() as uow:
            for row in uow.connection.execute(select(sealed_submissions)):
                known[bytes(row.id)] |= {row.sealed[:32], row.sealed[-32:]} - {b""}
            shared = {}
            for row in uow.connection.execute(select(responses)):
                shared[row.case_code, row.session_number, row.seat] = known[bytes(row.receipt_hash)]
                known[bytes(row.receipt_hash)] |= {row.nonce_hash} | ({row.sealed_comment} - {None})
            for row in uow.connection.execute(select(rupture_flags)):
                if (row.case_code, row.session_number, row.seat) in shared:
                    shared[row.case_code, row.session_number, row.seat].add(row.id.encode())
            for row in uow.connection.execute(select(findings.c["case_code", "session_number", "seat", "evidence"])):
                assert row.evidence

    def held(self):
        """Give the marks that the tables hold just now, and the hashes of answers that are there."""
        with self.world.reading() as uow:
            sealed = {bytes(row.id): row for row in uow.connection.execute(select(sealed_submissions))}
            alive = uow.connection.execute(select(responses)).all()
            used_up = {bytes(each) for each in uow.connection.scalars(select(taken_back.c.receipt_hash))}
            flag_ids = {each.encode() for each in uow.connection.scalars(select(rupture_flags.c.id))}
        marks = {part for row in sealed.values() for part in (row.sealed[:32], row.sealed[-32:])}
        marks |= {part for row in alive for part in (row.nonce_hash, row.sealed_comment) if part} | flag_ids
        return marks, {*sealed, *used_up, *(bytes(row.receipt_hash) for row in alive)}


@pytest.fixture
def run(world):
    """A clinic with real chance: seeded ids would lie in the files of earlier tests."""
    world.installation = replace(world.installation, chance=SystemChance())
    return Run(world, random.Random(6))  # noqa: S311  a repeatable order of deeds


def everything_a_thief_has(world, folder):
    """Every file of database and data folder, and what a backup says to whoever holds its key."""
    it = world.installation
    backup = folder / "thief.backup"
    write_backup(it.database, it.keyring, backup)
    with backup.open("rb") as source:
        said = "\n".join(unseal_lines(it.keyring.keys["backups"], source)).encode()
    return Written(everything_written(it) | {"backup": backup.read_bytes(), "backup, opened": said})


def hiding(stolen, mark):
    """Name the files that hold a mark, as it is or in hexadecimal."""
    return stolen.holding(mark) + stolen.holding(mark.hex().encode())


@pytest.mark.own_server
def test_after_a_long_run_no_file_and_no_backup_holds_what_is_gone_or_waits(run, tmp_path_factory, engine_name, capfd):
    deeds = [lambda: run.answers(is_shared=True)] * 4 + [lambda: run.answers(is_shared=False)] * 4
    deeds += [run.takes_back] * 2 + [run.night] * 4
    for _ in range(DEEDS):
        run.coin.choice(deeds)()
    run.night()
    for _ in range(3):
        run.answers(is_shared=False)
    if engine_name == "postgresql":
        recycle_the_log(run.world)
    marks, hashes = run.held()
    gone = {mark for answer in run.sent for mark in answer.marks} - marks
    vanished = {answer.hashed for answer in run.sent} - hashes
    assert len(gone) > DEEDS // 2
    assert vanished
    stolen = everything_a_thief_has(run.world, tmp_path_factory.mktemp("thief"))
    printed = "".join(capfd.readouterr()).encode()
    for mark in gone:
        assert hiding(stolen, mark) == []
    outside_the_journal = stolen.but("/journal/withdrawn-")
    for mark in vanished:
        assert hiding(outside_the_journal, mark) == []
    for answer in run.sent:
        assert stolen.holding(answer.comment.encode()) == []
        assert answer.comment.encode() not in printed
    alive = next(answer for answer in run.sent if answer.hashed in hashes)
    assert hiding(stolen, alive.hashed), "the search would find it"
    check_games(run, engine_name, hashes)


def check_games(run, engine_name, hashes):
    """Neither the place of a row nor its transaction leads to who sent it."""
    sent = [answer.hashed for answer in run.sent if not answer.is_shared and answer.hashed in hashes]
    lie = [each for each in in_order(run.world, engine_name) if each in set(sent)]
    if len(lie) >= FEWEST_TO_ORDER:
        order = [each for each in sent if each in set(lie)]
        assert abs(rank_correlation(order, lie)) < AT_CHANCE * (MANY / len(lie)) ** 0.5
    if engine_name == "postgresql":
        cases = "SELECT xmax::text FROM cases UNION SELECT xmin::text FROM cases"
        sealed = rows(run.world, "SELECT DISTINCT xmin::text FROM sealed_submissions")
        assert {row[0] for row in sealed}.isdisjoint(row[0] for row in rows(run.world, cases))
