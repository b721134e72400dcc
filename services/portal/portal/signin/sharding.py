"""How sessions are spread over shards."""

from linli.storage.sharding import Whole

SHARDING = (Whole(collections=("sessions", "sign_in_links"), why="As many as staff are at work."),)
