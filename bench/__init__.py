"""`make bench`: how fast Linli is, beside its limits and beside plainer ways to do the same, in one run."""
