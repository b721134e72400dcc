"""What the portal adds to the contracts."""
