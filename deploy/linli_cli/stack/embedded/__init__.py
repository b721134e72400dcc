"""The embedded stack: Kafka, MongoDB, the three services and the portal on one machine, from package registries."""
