"""Rows of findings, of possible ruptures and of what was done about them."""
