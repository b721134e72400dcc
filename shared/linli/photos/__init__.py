"""Photos from outside, each developed in a process of its own."""
