"""`linli publicity`: notices, and where they hang."""
