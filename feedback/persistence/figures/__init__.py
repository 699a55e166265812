"""What the figures of closed periods are counted from, and the ledger and journal they end in."""
