"""Registers of owners and their votes: what `linli register` and `linli vote` do."""
