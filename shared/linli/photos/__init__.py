"""Photos from outside, each re-encoded in a process of its own."""
