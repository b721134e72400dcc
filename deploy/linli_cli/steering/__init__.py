"""Who steers a renewal, what is owed, what is talked over."""
