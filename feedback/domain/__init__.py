"""The ground floor: what the product knows, in the standard library alone.

Nothing here imports a framework, a database or the clock of the machine. Time and chance are passed in.
"""
