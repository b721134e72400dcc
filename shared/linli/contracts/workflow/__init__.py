"""Workflow's events and permissions."""
