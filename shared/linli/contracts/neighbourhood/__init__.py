"""Neighbourhood's events and permissions."""
