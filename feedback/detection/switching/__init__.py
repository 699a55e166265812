"""The default method. `filter` is the method itself; each other module holds one part of it.

`patterns` lays out what a rupture may look like, `grid` where levels lie and how they move, `emission` how well a form
fits each of these, `raised` keeps lower forms from counting for less, `band` gives the usual range; `tuned` and
`fitting` are for a clinic's own parameters.
"""
