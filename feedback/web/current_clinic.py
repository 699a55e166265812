"""Whose page this is: the clinic of the code, of the address, or the only one there is."""

from flask import g

from feedback.domain.care import Clinic
from feedback.persistence.clinic.clinics import get_clinic, only_clinic
from feedback.web.surfaces import here


def clinic_here() -> Clinic | None:
    """Return the clinic this request is about, else the installation's only one, else none."""
    found = g.get("found")
    named: Clinic | None = found.clinic if found else g.get("clinic")
    return named or any_clinic()


def any_clinic() -> Clinic | None:
    """Return the only clinic of this installation, or none when there are several or the database is away."""
    if "only_clinic" not in g:
        g.only_clinic = _only_clinic()
    only: Clinic | None = g.only_clinic
    return only


def named_clinic(clinic_id: str) -> Clinic:
    """Return a clinic by its id. Raises `NotFound`."""
    with here().database.reading(clinic_id) as uow:
        clinic = get_clinic(uow)
    g.clinic = clinic
    return clinic


def _only_clinic() -> Clinic | None:
    try:
        with here().database.reading(None) as uow:
            return only_clinic(uow)
    except Exception:  # noqa: BLE001  drawn for errors too: whatever is wrong with the database, help numbers are shown
        return None
