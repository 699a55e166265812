"""The simple methods, each with its published source. `rule` is their common frame."""
