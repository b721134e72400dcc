"""The office's steps of common affairs, each a form of its own: `kinds` lists them, `api` shows and sends them."""
