"""Who asks and what they may: keys, tokens, rates, the audit log."""
