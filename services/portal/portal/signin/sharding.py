"""How sessions are spread over shards."""

from linli.storage.sharding import Whole

COLLECTIONS = ("sessions", "cookies", "sign_in_links", "sign_ins_under_way")
SHARDING = (Whole(collections=COLLECTIONS, why="As many as staff are at work."),)
