"""`linli demo`: the sample community's submissions, from end to end."""
