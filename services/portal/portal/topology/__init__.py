"""What flows where: declared by the contracts and told by the services, observed at Kafka and at the services, joined
into one picture.

`sampler.py` looks every five seconds, once for all viewers, at Kafka by `kafka_sight.py`; `store.py` keeps seven days
of what it saw; `domain/` joins (`joining.py`), judges (`rules.py`) and places (`layout.py`), and asks nobody. Start
reading with `domain/picture.py`.
"""
