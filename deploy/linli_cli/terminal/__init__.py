"""What every command has: the language it speaks, times, numbers, errors, harmless text."""
