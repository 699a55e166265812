"""The server as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from urllib.error import URLError

from feedback.domain.who_reads import READERS

PATIENCE_SECONDS = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(port, *more):
    """Start the server, wait until it answers, and see that nothing is left of it."""
    command = [sys.executable, "-m", "feedback", "serve", "--no-timers", "--port", str(port), *more]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ, start_new_session=True
    )
    try:
        wait_for(port, process)
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its workers too: they hold its standard error
        process.communicate()


def wait_for(port, process):
    end = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            return fetch(port, "/healthz")
        except URLError:
            time.sleep(0.05)
    raise AssertionError(f"the server did not come up: {process.poll()}")


def fetch(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE_SECONDS) as answer:
        return answer.read().decode()


def test_it_answers_and_stops_when_told_to_without_a_word_about_who_asked(installed):
    port = free_port()
    with serving(port) as process:
        assert fetch(port, "/healthz") == "ok\n"
        assert '"migrations":"ok"' in fetch(port, "/readyz")
        assert "<title>" in fetch(port, "/?mark=QX7WSENTINEL")
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0
    assert out.splitlines()[-1] == "Stopped."
    assert "QX7WSENTINEL" not in out + err


def test_a_port_in_use_is_refused_in_one_line(installed):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = installed("serve", "--port", str(port))
    assert done.exit_code == 2
    assert done.stderr.startswith(f"feedback: Cannot listen on 127.0.0.1, port {port}")
    assert done.stderr.count("\n") == 1


def test_a_form_that_would_not_say_truthfully_who_reads_it_is_not_served(installed, monkeypatch):
    monkeypatch.setitem(READERS, 99, frozenset())
    refused = installed("serve", "--port", str(free_port()))
    assert refused.exit_code == 1
    assert refused.output.strip() == "feedback: Version 99 of who reads an answer has no sentence for the form."
