"""What every HTTP interface has: problems, limits, strict JSON, idempotency, paging."""
