"""Spans for a collector of the operator's, off unless `LINLI_OTLP_URL` says where it is (docs/adr/0035)."""
