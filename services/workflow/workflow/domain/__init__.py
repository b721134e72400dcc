"""What workflow decides: values and times in, outcomes out."""
