"""`feedback demo` as somebody types it."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from urllib.parse import urlencode

import pytest

from feedback.demo.folder import MARKER, settings_of
from feedback.settings import Settings
from tests.cli.test_serve import PATIENCE_SECONDS, fetch, free_port, wait_for

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
    assert list(told) == ["base_url", "client_url", "typed_code", "case", "therapist", "admin"]
    assert told["base_url"] == "http://127.0.0.1:8000"
    assert told["client_url"].startswith("http://127.0.0.1:8000/F/")
    assert told["therapist"]["totp_secret"] is None
    for word in (
        told["client_url"],
        told["typed_code"],
        told["case"],
        *told["therapist"].values(),
        told["admin"]["email"],
    ):
        assert word is None or word in done.stdout
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
        assert "worth a conversation" in entered(port, told["therapist"])
        assert "Harbour Lane Therapy" in entered(port, told["admin"])
        assert len([*tmp_path.glob("feedback-demo-*")]) == 1
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0
    assert not [*tmp_path.glob("feedback-demo-*")], "a throw-away clinic is thrown away"


def entered(port, who):
    """The first page after signing in."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    form = urlencode({"email": who["email"], "password": who["password"]}).encode()
    with browser.open(f"http://127.0.0.1:{port}/sign-in", form, timeout=PATIENCE_SECONDS) as page:
        return page.read().decode()


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
