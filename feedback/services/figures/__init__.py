"""Figures of closed periods: drawn once, kept, given out."""
