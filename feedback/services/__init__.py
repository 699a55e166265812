"""What can be done with the product: one use case, one module, one verb.

Each takes a unit of work and what else it needs by keyword, and leaves `commit()` to its caller.
"""
