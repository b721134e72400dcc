"""What is on disk: MongoDB, its transactions, migrations and leases."""
