"""Finding a possible rupture: pure methods over one case's trajectory, on one interface, in one registry."""

from feedback.detection.registry import DEFAULT, DEFAULT_BUDGET, build, names

__all__ = ["DEFAULT", "DEFAULT_BUDGET", "build", "names"]
