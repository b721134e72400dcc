"""Where a deployment is, and how its services are asked."""
