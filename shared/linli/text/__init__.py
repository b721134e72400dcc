"""Text from outside: what a field may hold, how it is compared, found and told apart."""
