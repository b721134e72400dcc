"""What workflow says and lets others ask."""
