"""Works of a neighbourhood: packages, defects, progress."""
