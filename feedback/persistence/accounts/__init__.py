"""Rows of accounts, of their second step, and of tries to get in."""
