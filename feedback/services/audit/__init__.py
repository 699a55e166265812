"""What staff did: written down, shown, checked."""
