"""Mail that says that something is new and never what: with a real SMTP server, read as it arrived."""

from dataclasses import replace
from urllib.parse import quote

import pytest

from feedback.domain.audience import Audience
from feedback.domain.errors import NotSent
from feedback.domain.notice import Pace
from feedback.notices.mail import Mailer
from feedback.persistence.dashboard.notices import get_pace
from feedback.services.dashboard.choose_notices import choose_notices
from feedback.services.dashboard.send_notices import Post, Sent, send_notices
from tests.support.answering import LOW, a_case_that_fell, meets_and_sends, sends
from tests.support.builders import a_therapist
from tests.support.desk import BASE, Desk, a_desk
from tests.support.mailbox import a_mailbox

SENDER = "rapport@clinic.example"


@pytest.fixture
def box():
    with a_mailbox() as box:
        yield box


def chooses(world, pace, by=None):
    it = world.installation
    with world.writing() as uow:
        choose_notices(uow, it.clock, it.keyring, pace=pace, by=by or world.therapist)


def posts(world, box):
    it = world.installation
    post = Post(Mailer(box.url, SENDER), it.settings.base_url)
    return send_notices(it.database, it.clock, it.keyring, it.chance, post=post)


def test_the_mail_holds_nothing_but_the_fixed_words(world, box):
    case = world.on("2026-02-20").opens_a_case(label="PLANTEDLABEL")
    meets_and_sends(world, case, "2026-03-02", LOW, off="yes", wish="bring_up", comment="PLANTEDCOMMENT")
    chooses(world, Pace.DAILY)
    assert posts(world, box) == Sent(1, 0)
    (envelope,), (message,) = box.envelopes, box.messages
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, ["dana@example.org"])
    stop = message["List-Unsubscribe"].strip("<>")
    assert message.get_payload() == (
        "There is something new on your dashboard.\r\n\r\nhttps://hl.example/dashboard\r\n\r\n"
        f"You asked for this. To stop it: {stop}\r\n"
    )
    assert message["Subject"] == "Something new on your dashboard"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert set(message.keys()) <= {
        "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post",
        "Content-Type", "Content-Transfer-Encoding", "MIME-Version", "X-Peer", "X-MailFrom", "X-RcptTo",
    }  # fmt: skip
    whole = envelope.content.decode()
    for planted in ("PLANTED", case.code, "Dana", "Harbour", "5.3", "yes", "bring"):
        assert planted not in whole, planted


def test_nobody_gets_mail_who_did_not_choose_it(world, box):
    a_case_that_fell(world, off="yes")
    assert posts(world, box) == Sent()
    chooses(world, Pace.DAILY)
    chooses(world, None)
    assert posts(world, box) == Sent()


def test_once_told_is_told_and_the_next_answer_waits_for_the_next_day(world, box):
    case = a_case_that_fell(world, off="yes")
    chooses(world, Pace.DAILY)
    assert posts(world, box) == Sent(1, 0)
    meets_and_sends(world, case, "2026-03-02")
    assert posts(world, box) == Sent()
    assert posts(world.on("2026-03-03"), box) == Sent(1, 0)
    assert posts(world.on("2026-03-04"), box) == Sent()


def test_weekly_means_seven_days_apart(world, box):
    case = a_case_that_fell(world, off="yes")
    chooses(world, Pace.WEEKLY)
    assert posts(world, box) == Sent(1, 0)
    meets_and_sends(world, case, "2026-03-04")
    assert posts(world.on("2026-03-08"), box) == Sent()
    assert posts(world.on("2026-03-09"), box) == Sent(1, 0)


def test_what_was_opened_is_no_news(world, box):
    case = world.opens_a_case()
    meets_and_sends(world, case, "2026-03-02")
    chooses(world, Pace.DAILY)
    a_desk(world).opens(f"/cases/{case.code}")
    assert posts(world, box) == Sent()


def test_being_told_is_not_having_opened(world, box):
    case = world.opens_a_case()
    meets_and_sends(world, case, "2026-03-02")
    chooses(world, Pace.DAILY)
    posts(world, box)
    assert "One is new since you last looked." in a_desk(world).opens("/dashboard").text


def test_an_answer_nobody_reads_sends_no_mail(world, box):
    case = world.opens_a_case()
    chooses(world, Pace.DAILY)
    sends(world, world.shows_a_code(case, world.meets(case)), LOW, audience=Audience.TOTALS)
    assert posts(world, box) == Sent()
    assert box.envelopes == []


def test_a_server_that_refuses_is_tried_again_and_loses_nothing(world, box):
    a_case_that_fell(world, off="yes")
    chooses(world, Pace.DAILY)
    box.refuses = True
    assert posts(world, box) == Sent(0, 1)
    box.refuses = False
    assert posts(world, box) == Sent(1, 0)


def test_each_is_told_of_their_own_cases_only(world, box):
    iris = world.hire(a_therapist(id="iris", email="iris@example.org"))
    a_case_that_fell(world, off="yes")
    chooses(world, Pace.DAILY, by=iris)
    assert posts(world, box) == Sent()


def test_the_link_in_the_mail_ends_the_notices_in_one_step_and_only_those(world, box):
    a_case_that_fell(world, off="yes")
    chooses(world, Pace.DAILY)
    posts(world, box)
    path = box.messages[0]["List-Unsubscribe"].strip("<>").removeprefix(BASE)
    nobody = Desk(world)
    assert "Stop these notices?" in nobody.opens(path).text
    assert pace(world) is Pace.DAILY
    assert nobody.http.post(path, base_url=BASE, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert pace(world) is None


def pace(world):
    with world.reading() as uow:
        return get_pace(uow, world.therapist.id)


@pytest.mark.parametrize("change", [lambda token: token[:-1] + "x", lambda token: token.replace("dana", "iris")])
def test_a_link_that_was_changed_ends_nothing(world, box, change):
    a_case_that_fell(world, off="yes")
    chooses(world, Pace.DAILY)
    posts(world, box)
    path = change(box.messages[0]["List-Unsubscribe"].strip("<>").removeprefix(BASE))
    assert Desk(world).http.post(path, base_url=BASE).status_code == 404
    assert pace(world) is Pace.DAILY


def test_the_page_keeps_the_choice_and_says_when_no_mail_is_sent(world):
    desk = a_desk(world)
    assert "not set up to send mail yet" in desk.opens("/notices").text
    assert desk.sends("/notices", pace="weekly").location == "/notices"
    assert pace(world) is Pace.WEEKLY
    assert desk.sends("/notices", pace="hourly").status_code == 409
    desk.sends("/notices", pace="")
    assert pace(world) is None


def test_a_server_that_is_not_there_is_said_in_one_line():
    with pytest.raises(NotSent, match="The mail server does not answer"):
        Mailer("smtp://127.0.0.1:9", SENDER).check()


def test_a_login_beyond_ascii_is_sent_as_utf_8(world):
    a_case_that_fell(world, off="yes")
    chooses(world, Pace.DAILY)
    with a_mailbox(account=("praxis-müller", "straße ☂")) as box:
        named = f"smtp://{quote('praxis-müller')}:{quote('straße ☂')}@127.0.0.1:{box.port}"
        it = world.installation
        post = Post(Mailer(named, SENDER), BASE)
        assert send_notices(it.database, it.clock, it.keyring, it.chance, post=post) == Sent(1, 0)
        assert box.signed_in
        Mailer(named, SENDER).check()
        with pytest.raises(NotSent, match="SMTPAuthenticationError"):
            Mailer(named.replace("%C3%BC", "ue"), SENDER).check()
        with pytest.raises(NotSent, match="SMTPAuthenticationError"):
            Mailer(named.replace("stra", "strass"), SENDER).check()


def test_an_address_with_an_umlaut_domain_is_handed_over_as_every_server_takes_it(world, box):
    anna = world.hire(a_therapist(id="anna", email="anna@praxis-müller.example"))
    a_case_that_fell(replace(world, therapist=anna), off="yes")
    chooses(world, Pace.DAILY, by=anna)
    assert posts(world, box) == Sent(1, 0)
    (envelope,), (message,) = box.envelopes, box.messages
    assert envelope.rcpt_tos == ["anna@xn--praxis-mller-klb.example"]
    assert message["To"] == "anna@xn--praxis-mller-klb.example"


@pytest.mark.parametrize("email", ["a@" + "x" * 70 + ".example", "ä@example.org", "a b@example.org", "a@b@c", "@", ""])
def test_an_address_that_cannot_be_reached_is_tried_again_and_keeps_no_other(world, box, email):
    odd = world.hire(a_therapist(id="an-odd-one", email=email))
    for person in (odd, world.therapist):
        a_case_that_fell(replace(world, therapist=person), off="yes")
        chooses(world, Pace.DAILY, by=person)
    found = posts(world, box)
    assert found.sent >= 1
    assert "dana@example.org" in [to for envelope in box.envelopes for to in envelope.rcpt_tos]
    assert posts(world, box) == Sent(0, found.failed)
