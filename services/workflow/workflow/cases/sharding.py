"""The shard keys of cases."""

from linli.photos import files
from linli.storage.sharding import NotUnique, Sharded, Sharding

A_PAGE = "Staff look for cases: each shard reads an index, and no more of it than a page."
COUNTED = "Figures for staff: each shard counts its own."
SHARDING: tuple[Sharding, ...] = (
    Sharded(
        collection="cases",
        by="_id",
        why="A batch, an action and the timer load and save cases by id.",
        not_unique=(
            NotUnique(
                "tracking_hash",
                ("tracking_hash",),
                "intake lets no code through twice, by an index of submissions, which are not spread.",
            ),
        ),
        everywhere={
            "CaseStore.tracked": "A resident's code: one key of one index on each shard.",
            "CaseStore.with_families": "Of families alone: each shard reads the keys of those that belong together.",
            "CaseStore.due": "One process by lease; each shard reads no more of its index than a batch.",
            "CaseStore.listing": A_PAGE,
            "RequestStore.listing": "What the public asks: each shard reads an index, and no more of it than a page.",
            "RequestStore.told": "The same, to a bound.",
            "RequestStore.figures": "The public's figures of a neighbourhood: each shard counts its own.",
            "CaseStore.all_of": "An export or a trial of rules, a thousand at a time.",
            "CaseStore.rarest": "A search: each shard counts to a bound.",
            "CaseStore.near": "Repeats of one case: each shard reads its indexes to a bound.",
            "sharing_most": "The same.",
            "CaseStore.open_in": "When an outage is declared or moves: each shard reads its index to a bound.",
            "CaseStore.count": COUNTED,
            "CaseStore.count_within": COUNTED,
            "CaseStore.counts": COUNTED,
            "CaseStore.open_with": "Before data are published that leave parties out.",
            "Statistics.of": COUNTED,
            "Statistics.returns": COUNTED,
        },
    ),
    *files.SHARDING,
)
