"""What Linli is measured against; each is a process of its own, as a service is."""
