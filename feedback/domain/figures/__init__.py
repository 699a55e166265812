"""Figures of closed periods: which there are, how they are protected, and how they are kept."""
