"""Masking, pseudonyms, tracking codes and retention."""
