"""How an installation is, and what its operator does about it."""
