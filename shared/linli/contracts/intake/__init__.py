"""Intake's events and permissions."""
