"""What companies say is off: declaring it for them, and seeing what there is."""
