"""The shard keys of works."""

from linli.photos import files
from linli.storage.sharding import Sharded, Sharding, Whole

SHARDING: tuple[Sharding, ...] = (
    Whole(collections=("work_packages", "clearings"), why="Some for each neighbourhood."),
    Sharded(
        collection="site_photos",
        by="_id",
        why="A photo is kept, found and named by its place and hash.",
        everywhere={
            "SitePhotos.room_for": "Two counts for a form, by an index of what waits alone.",
            "SitePhotos.forget": "An erasure, by an index.",
            "SitePhotos._let_go": "One process by lease, by an index of what waits alone.",
            "SitePhotos.kept": "Counts by the same index.",
            "oldest_of": "The first of the same index.",
        },
    ),
    Sharded(
        collection="site_representatives",
        by="_id",
        why="Somebody is found by package and id.",
        everywhere={"Representatives.of": "A handful, by an index."},
    ),
    Sharded(collection="site_codes", by="_id", why="A code is found by its hash."),
    *files.SHARDING,
)
