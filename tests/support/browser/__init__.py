"""A browser for tests: who looks at a page, and what is asked of it."""
