"""What clients send, and what may become of it."""
