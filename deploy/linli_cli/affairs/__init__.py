"""What the commands for common affairs share: how they ask, what they take, how they tell."""
