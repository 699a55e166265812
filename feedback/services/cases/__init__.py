"""Cases: opened, planned, shared, handed over, read."""
