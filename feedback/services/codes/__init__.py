"""Access codes: made, shown, handed out."""
