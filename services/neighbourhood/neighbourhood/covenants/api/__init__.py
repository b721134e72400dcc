"""The routes of covenants: for the office, for households with a code, and for everybody."""
