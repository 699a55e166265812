"""Finding a possible rupture: pure methods over one case's trajectory, on one interface, in one registry.

As a library: docs/detection-library.md.
"""

from feedback.detection.method import DetectionMethod
from feedback.detection.registry import DEFAULT, DEFAULT_BUDGET, build, names
from feedback.detection.trajectory import Judged, judge_ratings

__all__ = ["DEFAULT", "DEFAULT_BUDGET", "DetectionMethod", "Judged", "build", "judge_ratings", "names"]
