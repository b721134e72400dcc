"""`linli lineage`: what became of a demand."""
