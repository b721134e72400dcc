"""What intake says and lets others ask."""
