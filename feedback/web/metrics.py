"""Figures for the operator's monitor, at `/metrics`, in the text form of Prometheus.

Nothing in them is about a person, a clinic or a case. Requests of clients are one number without method, page or
outcome that moves once a day, in tens; memory and processor time are rounded up to more than an answer takes: one must
not be seen arriving, least of all one that nobody is to know of. Failures move once an hour.
Each worker process counts for itself and says which one it is by the number of the process.
"""

import hmac
import math
import os
import resource
import shutil
from collections.abc import Iterator, Mapping

from flask import Response, abort, current_app, request

from feedback import __version__
from feedback.bootstrap import Installation
from feedback.domain.limits import METRICS_TOKEN
from feedback.web import security_txt  # noqa: F401  its page is one of the operator's
from feedback.web.health import CHECKS, health, holds
from feedback.web.logs import Counted
from feedback.web.rate_limit import origin_here
from feedback.web.surfaces import here

__all__ = ["health"]

_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_KIBIBYTE = 1024
"""In which Linux counts a process's memory."""

_MEMORY_STEP = 64 * 2**20
_PROCESSOR_STEP = 10
"""Bytes and seconds. An answer takes some milliseconds, and the first one of a process perhaps ten million bytes."""

_KIND = "text/plain; version=0.0.4; charset=utf-8"


@health.get("/metrics")
def show_metrics() -> Response:
    """Return the figures to this machine, or to whoever shows the token; to everybody else there is nothing here."""
    if not _may_read(here()):
        abort(404)
    return Response("".join(_lines(here())), content_type=_KIND)


def _may_read(it: Installation) -> bool:
    setting = it.settings.metrics
    if setting == "off":
        return False
    if setting:
        given = request.headers.get("Authorization", "")
        if not given:
            return False
        attempt = it.limiter.begin(METRICS_TOKEN, origin_here(), it.clock.now().timestamp())
        is_right = hmac.compare_digest(given.encode(), f"Bearer {setting}".encode())
        if is_right:
            attempt.take_back()
        return is_right
    return request.environ.get("REMOTE_ADDR") in _LOOPBACK and not any(
        name.startswith(("HTTP_X_FORWARDED", "HTTP_FORWARDED")) for name in request.environ
    )


def _lines(it: Installation) -> Iterator[str]:
    counted: Counted = current_app.extensions["feedback-counted"]
    shedding = current_app.extensions.get("feedback-load-shedding")
    me = f'worker="{os.getpid()}"'
    yield _one("info", "gauge", "Which version runs.", {f'version="{__version__}"': 1})
    yield _one("ready", "gauge", "1 where a thing needed is in order.", _ready(it))
    free = shutil.disk_usage(it.settings.data_dir).free // _MEMORY_STEP * _MEMORY_STEP
    yield _one("disk_free_bytes", "gauge", "Room left for data.", {"": free})
    staff = {f'{me},class="{kind}xx"': number for kind, number in sorted(counted.staff.items())}
    yield _one("staff_requests_total", "counter", "Requests of staff by class of status.", staff)
    requests, failures = counted.tell_clients(it.clock.now())
    yield _one(
        "client_requests_total", "counter", "Requests of clients on days that are over, in tens.", {me: requests}
    )
    yield _one("client_failures_total", "counter", "Of them failed here, in hours that are over.", {me: failures})
    if shedding is not None:
        yield _one("requests_inside", "gauge", "Requests at work, waiting, or under way.", {me: shedding.inside})
        yield _one("requests_refused_total", "counter", "Requests refused for want of room.", {me: shedding.refused})
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = math.ceil((used.ru_utime + used.ru_stime) / _PROCESSOR_STEP) * _PROCESSOR_STEP
    memory = math.ceil(used.ru_maxrss * _KIBIBYTE / _MEMORY_STEP) * _MEMORY_STEP
    yield _one("memory_peak_bytes", "gauge", "Most memory held so far.", {me: memory})
    yield _one("processor_seconds_total", "counter", "Processor time used.", {me: spent})


def _one(name: str, kind: str, said: str, values: Mapping[str, float]) -> str:
    lines = [
        f"feedback_{name}{{{labels}}} {value}\n" if labels else f"feedback_{name} {value}\n"
        for labels, value in values.items()
    ]
    return f"# HELP feedback_{name} {said}\n# TYPE feedback_{name} {kind}\n{''.join(lines)}"


def _ready(it: Installation) -> Mapping[str, float]:
    return {f'check="{name}"': int(holds(check, it)) for name, check in CHECKS.items()}
