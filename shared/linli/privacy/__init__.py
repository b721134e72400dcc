"""Keeping people unknown: masking, pseudonyms, tracking codes, how long things are kept."""
