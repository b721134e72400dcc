"""The pages, as the command leads to them."""
