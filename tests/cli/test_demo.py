"""`feedback demo` as somebody types it."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime
from urllib.parse import urlencode

import pyotp
import pytest

from feedback.demo.folder import MARKER, settings_of
from feedback.settings import Settings
from tests.cli.test_serve import PATIENCE_SECONDS, fetch, free_port, wait_for
from tests.support.html import soup

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LITTLE = ("--cases", "16", "--months", "2", "--now", "2026-03-02T12:00Z")


def test_it_says_how_to_get_in_on_the_terminal_and_in_a_file(tmp_path):
    report = tmp_path / "demo.json"
    command = [
        sys.executable,
        "-m",
        "feedback",
        "demo",
        "--no-serve",
        "--dir",
        tmp_path / "d",
        "--json",
        report,
        *LITTLE,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = json.loads(report.read_text())
    assert list(told) == ["base_url", "client_url", "typed_code", "case", "therapist", "admin", "supervisor"]
    assert told["base_url"] == "http://127.0.0.1:8000"
    assert told["client_url"].startswith("http://127.0.0.1:8000/F/")
    therapist = told["therapist"]
    assert list(therapist) == ["email", "password", "totp_secret", "recovery_codes"]
    now = pyotp.TOTP(therapist["totp_secret"]).at(NOON)
    for word in (
        *(told["client_url"], told["typed_code"], told["case"], told["admin"]["email"]),
        *(therapist["email"], therapist["password"], therapist["totp_secret"], now),
        *therapist["recovery_codes"],
        *(told["supervisor"]["email"], told["supervisor"]["password"], told["supervisor"]["case"]),
    ):
        assert word in done.stdout
    assert "█" in done.stdout
    assert (tmp_path / "d" / MARKER).exists()


def test_everything_it_prints_works_and_it_stops_when_told_to(tmp_path):
    port, report = free_port(), tmp_path / "demo.json"
    command = [sys.executable, "-m", "feedback", "demo", "--port", str(port), "--json", report, *LITTLE]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"TMPDIR": str(tmp_path)}
    )
    try:
        wait_for(port, process)
        told = json.loads(report.read_text())
        assert "How was today?" in fetch(port, "/F/" + told["client_url"].rpartition("/")[2])
        therapist, admin = told["therapist"], told["admin"]
        assert "worth a conversation" in entered(port, therapist, pyotp.TOTP(therapist["totp_secret"]).at(NOON))
        assert "worth a conversation" in entered(port, therapist, therapist["recovery_codes"][0])
        assert "Harbour Lane Therapy" in entered(port, admin, admin["recovery_codes"][9])
        supervisor = told["supervisor"]
        assert supervisor["case"] in entered(port, supervisor, supervisor["recovery_codes"][0])
        assert len([*tmp_path.glob("feedback-demo-*")]) == 1
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0
    assert not [*tmp_path.glob("feedback-demo-*")], "a throw-away clinic is thrown away"


def entered(port, who, code):
    """The first page after signing in."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def sent(path, **fields):
        address = f"http://127.0.0.1:{port}{path}"
        with browser.open(address, urlencode(fields).encode(), timeout=PATIENCE_SECONDS) as page:
            return page.read().decode()

    second = soup(sent("/sign-in", email=who["email"], password=who["password"]))
    carried = {field["name"]: field["value"] for field in second.select("main input[type=hidden]")}
    return sent("/sign-in/code", code=code, **carried)


def test_a_folder_that_holds_a_real_clinic_is_left_alone(installed, folders):
    before = {file: file.read_bytes() for file in folders.rglob("*") if file.is_file()}
    for folder in (folders, folders / "data", folders / "keys"):
        done = installed("demo", "--no-serve", "--dir", str(folder), *LITTLE)
        assert done.exit_code == 2
        assert "holds something that is not a demo" in done.stderr
    assert {file: file.read_bytes() for file in folders.rglob("*") if file.is_file()} == before


def test_a_second_run_in_the_same_folder_makes_the_demo_anew(run, tmp_path):
    reports = []
    for _ in range(2):
        done = run("demo", "--no-serve", "--dir", str(tmp_path / "d"), "--json", str(tmp_path / "j"), *LITTLE)
        assert done.exit_code == 0, done.output
        reports.append(json.loads((tmp_path / "j").read_text()))
    assert reports[0]["case"] == reports[1]["case"]
    assert reports[0]["therapist"]["password"] != reports[1]["therapist"]["password"]


def test_no_setting_of_the_environment_leads_a_demo_to_a_real_clinic(tmp_path, monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.setenv(f"FEEDBACK_{name.upper()}", "a wrong value that would be refused")
    settings = settings_of(tmp_path, "http://127.0.0.1:9000")
    assert settings.database_address == f"sqlite:///{tmp_path / 'data' / 'feedback.db'}"
    assert settings.keys_dir == tmp_path / "keys"


@pytest.mark.parametrize("instant", ["yesterday", "2026-13-01"])
def test_a_wrong_instant_is_said_in_one_line(run, tmp_path, instant):
    done = run("demo", "--no-serve", "--dir", str(tmp_path / "d"), "--now", instant)
    assert done.exit_code == 2
    assert "2026-03-02T12:00Z" in done.stderr
    assert done.stderr.count("\n") == 1
