"""The common affairs of a place, from its demands to accepted works: rounds, plans, task force, deliberations, votes,
works, covenants. Each is a context, a folder in the shape that all contexts have."""
