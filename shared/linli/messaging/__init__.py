"""Events between services: Kafka, the outbox that feeds it, the inbox that reads it once, copies of small topics."""
