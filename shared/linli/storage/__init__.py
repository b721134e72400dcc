"""MongoDB: transactions, migrations and leases."""
