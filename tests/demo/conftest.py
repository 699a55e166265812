"""Demo clinics: the full one, made once for the whole run, and small ones."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedback.bootstrap import Installation, make_installation
from feedback.demo.clinic import DemoClinic, make_demo
from feedback.demo.folder import claim_folder, settings_of
from feedback.domain.clock import FixedClock
from feedback.persistence.clinic.clinics import only_clinic
from feedback.persistence.database import UnitOfWork

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


@dataclass
class Demo:
    """A demo clinic and the installation it lives in."""

    installation: Installation
    made: DemoClinic
    clinic_id: str

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        """Open a unit of work in the demo's clinic."""
        return self.installation.database.reading(self.clinic_id)


def grown(folder: Path, *, cases: int, months: int, seed: int = 1) -> Demo:
    """Make a demo in a folder, standing at the suite's instant."""
    claim_folder(folder)
    installation = make_installation(settings_of(folder, "http://127.0.0.1:8000"), clock=FixedClock(NOW))
    made = make_demo(installation, cases=cases, months=months, seed=seed)
    with installation.database.reading(None) as uow:
        clinic = only_clinic(uow)
    assert clinic is not None
    return Demo(installation, made, clinic.id)


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo as `feedback demo` makes it: 240 cases in 14 months."""
    demo = grown(tmp_path_factory.mktemp("full"), cases=240, months=14)
    yield demo
    demo.installation.database.close()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    """Small demos: `small("one", seed=2)`."""
    made = []

    def make(name: str, seed: int = 1, cases: int = 24) -> Demo:
        made.append(grown(tmp_path / name, cases=cases, months=3, seed=seed))
        return made[-1]

    yield make
    for demo in made:
        demo.installation.database.close()
