"""The clinic: founded, set up, with its questionnaires."""
