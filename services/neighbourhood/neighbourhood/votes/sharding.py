"""The shard keys of votes, and of the registers that they are held by."""

from linli.storage.sharding import Sharded, Sharding, Whole

A_VOTE = "Of one vote: each shard reads one key of an index."
SHARDING: tuple[Sharding, ...] = (
    Whole(collections=("registers", "register_snapshots", "votes", "ballot_sums"), why="Some for each neighbourhood."),
    Sharded(
        collection="ballots",
        by="_id",
        why="An owner's side of a vote is loaded and saved by vote and owner.",
        everywhere={"Stories.found": A_VOTE, "Box.voted": A_VOTE, "Box.seals": A_VOTE},
    ),
    Sharded(
        collection="ballot_box",
        by="_id",
        why="A ballot is put in by its id, once.",
        everywhere={"Box._opened": "A count: " + A_VOTE},
    ),
    Sharded(collection="ballot_codes", by="_id", why="A code is found by its hash."),
    Sharded(
        collection="register_doors",
        by="_id",
        why="Written once with the register.",
        everywhere={"People.known": "A list for tellers or a print run.", "People.stairwells": "The same."},
    ),
    Sharded(
        collection="register_owners",
        by="_id",
        why="Written once with the register; an erasure finds an owner by register and owner.",
        everywhere={"People.known": "A list for tellers or a print run."},
    ),
)
