"""Works for people: the board of a site, the site on the telephone of who speaks for the residents, and of a party."""
