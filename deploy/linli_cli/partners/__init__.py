"""Companies whose own systems take part: who they are."""
