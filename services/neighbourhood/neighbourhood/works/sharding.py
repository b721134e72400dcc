"""The shard keys of works."""

from linli.photos import files
from linli.storage.sharding import Sharded, Sharding, Whole

SHARDING: tuple[Sharding, ...] = (
    Whole(collections=("work_packages", "clearings"), why="Some for each neighbourhood."),
    Sharded(
        collection="site_photos",
        by="_id",
        why="A photo is kept, found and named by its place and hash.",
        everywhere={"SitePhotos.room_for": "One count for a form, by an index."},
    ),
    *files.SHARDING,
)
