"""Notify's events and permissions."""
