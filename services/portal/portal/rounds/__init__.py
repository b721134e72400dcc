"""Pages of rounds 征集: a household's answer by its code, what everybody may read, and the office's steps."""
