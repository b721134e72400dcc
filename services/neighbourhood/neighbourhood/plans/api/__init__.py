"""The routes of plans: for the office, for households with a code, and for everybody."""
