"""`linli round`: what households of a neighbourhood need and think."""
