"""The embedded broker's identity."""

from uuid import UUID

from linli_cli.stack.embedded.kafka import cluster_id


def test_a_cluster_id_is_never_taken_for_an_option() -> None:
    assert cluster_id(UUID(int=0xF8 << 120)) == "AAAAAAAAAAAAAAAAAAAAAA"
    assert len(cluster_id(UUID(int=1))) == 22
