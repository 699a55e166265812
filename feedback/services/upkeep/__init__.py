"""The operator's work: nights, backups, keys, a look over everything."""
