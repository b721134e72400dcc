"""Cases as clerks, parties and offices work with them: send, look, act, report."""
