"""Decides what is declared, seen, amiss and where it stands in the picture: values and times in, values out."""
