"""What every client answer carries and never carries, over every route, method and status."""

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from feedback.web import create_app
from tests.support.phone import Phone

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")


@pytest.fixture
def client_answers(phone, world, code):
    """Answers of every client route by every method, and of a whole journey with its mistakes."""
    rules = {rule.rule for rule in phone.http.application.url_map.iter_rules() if rule.endpoint.startswith("intake.")}
    filled = {"<token>": code.token, "<sealed>": "x", "<clinic_id>": "harbour1", "<instrument_id>": "rapport-session"}
    filled |= {"<int:version>": "1", "<spoken>": "en"}
    addresses = {re.sub("<.*?>", lambda gap: filled[gap[0]], rule) for rule in rules} | {"/nowhere", "/F/unknown"}
    answers = [phone.http.open(address, method=method) for address in sorted(addresses) for method in METHODS]
    answers += [phone.sends(code.token, pace=None), phone.sends(code.token, "totals"), phone.sends(code.token)]
    answers += [phone.http.get(answers[-1].location), phone.opens(code.token)]
    answers.append(phone.http.post(f"/F/{code.token}", data={"comment": "x" * 20_000}))
    answers.append(phone.http.post("/code", headers={"Sec-Fetch-Site": "cross-site"}))
    return answers


@pytest.mark.checklist(2)
def test_no_client_answer_sets_a_cookie_but_a_shared_tablets_start_page(client_answers):
    assert len({answer.status_code for answer in client_answers}) >= 7
    assert {answer.request.path for answer in client_answers if "Set-Cookie" in answer.headers} == {"/k/harbour1"}


def test_every_client_answer_carries_the_whole_policy(client_answers):
    for answer in client_answers:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "form-action 'self'; base-uri 'none'; frame-ancestors 'none'" in policy
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert answer.headers["Strict-Transport-Security"]


def test_only_the_form_may_be_kept_by_a_browser(client_answers, phone, world):
    kept = {answer.request.path for answer in client_answers if answer.headers["Cache-Control"] == "private, no-cache"}
    assert {path[:3].upper() for path in kept} == {"/F/"}
    others = {answer.headers["Cache-Control"] for answer in client_answers if answer.request.path not in kept}
    assert others == {"no-store"}


def test_the_policy_names_exactly_the_inlined_sheet(phone, code):
    page = phone.opens(code.token)
    sheet = re.search(r"<style>(.*?)</style>", page.text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page.headers["Content-Security-Policy"]
    assert "<" not in sheet


def test_every_client_page_inlines_the_same_sheet_and_an_untouched_form_its_beginning(client_answers, code):
    sheets = {}
    for each in client_answers:
        if "<style>" in each.text:
            sheet = re.search(r"<style>(.*?)</style>", each.text, re.DOTALL)[1]
            sheets.setdefault(sheet, set()).add((each.request.method, each.request.path))
    beginning, whole = sorted(sheets, key=len)
    assert whole.startswith(beginning)
    assert sheets[beginning] <= {("GET", path) for path in (f"/F/{code.token}", f"/f/{code.token}")}


def test_plain_http_does_not_insist_on_https(world, code):
    settings = world.installation.settings.model_copy(update={"base_url": "http://clinic-pc:8000"})
    page = Phone(create_app(replace(world.installation, settings=settings))).opens(code.token)
    assert "Strict-Transport-Security" not in page.headers


def test_a_process_without_the_intake_surface_serves_no_form(world, code):
    settings = world.installation.settings.model_copy(update={"surfaces": ("staff",)})
    assert Phone(create_app(replace(world.installation, settings=settings))).opens(code.token).status_code == 404
