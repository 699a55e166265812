"""Rows of cases: who cares for them, when they meet, which codes they were given."""
