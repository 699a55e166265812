"""Finding a possible rupture: pure methods over one case's trajectory, on one interface, in one registry."""
