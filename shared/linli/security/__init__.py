"""Authentication and permissions: keys, tokens, rates, the audit log."""
