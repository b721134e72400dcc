"""Task forces, their meetings and their actions over HTTP."""
