"""Communities' data: checking, loading and trying it, and the names that people use for ids."""
