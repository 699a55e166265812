"""Possible ruptures: judged, reviewed, repaired."""
