"""The embedded stack: Kafka, MongoDB, the services and the portal on one machine, from package registries."""
