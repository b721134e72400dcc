"""The embedded stack: Kafka, MongoDB and the three services on one machine, from package registries."""
