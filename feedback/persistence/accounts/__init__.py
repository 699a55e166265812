"""Rows of accounts, of their second step, and of failed attempts to get in."""
