"""Plans and covenants on the command line."""
