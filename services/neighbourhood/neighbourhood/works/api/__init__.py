"""Works over HTTP."""
