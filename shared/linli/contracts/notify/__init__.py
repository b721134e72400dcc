"""What notify says and lets others ask."""
