"""Rows and the functions that turn them into domain objects and back. SQLAlchemy Core, on SQLite and PostgreSQL."""
