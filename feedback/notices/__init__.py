"""Notices that leave the house. They say that there is something, never what."""
