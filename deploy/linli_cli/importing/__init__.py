"""`linli import`: from somebody's table to submissions, row by row."""
