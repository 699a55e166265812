"""A server that is killed again and again, and the one who starts it again, as systemd does."""

import os
import random
import signal
import subprocess
from contextlib import suppress

import psutil

from tests.support.online import PATIENCE_SECONDS, Served, start, wait_until_ready


class KilledServer:
    """A server with several workers. Each kill hits one worker or the whole group, without warning."""

    def __init__(self, served: Served, workers: int) -> None:
        self._served = served
        self._workers = workers
        self._chance = random.Random(1)  # noqa: S311  which process dies needs no secrecy
        self._process = self._started()
        self.kills = 0

    def kill(self) -> None:
        """Kill one worker, or everything at once; then see to it that somebody serves again."""
        workers = psutil.Process(self._process.pid).children()
        if workers and self._chance.random() < 0.8:
            self._chance.choice(workers).kill()
        else:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self.kills += 1
        self.see_to()

    def see_to(self) -> None:
        """Start the server again when it has ended: a worker that dies twice in a moment takes it along."""
        if self._process.poll() is not None:
            self._sweep()
            self._process = self._started()

    def stop(self) -> None:
        """Stop the server, and leave nothing of it behind."""
        self._process.terminate()
        try:
            self._process.wait(PATIENCE_SECONDS)
        finally:
            self._sweep()

    def _started(self) -> subprocess.Popen[bytes]:
        process = start(self._served, self._workers)
        wait_until_ready(f"{self._served.base_url}/readyz", process)
        return process

    def _sweep(self) -> None:
        """End workers that outlived the process that had started them."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
