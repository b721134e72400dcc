"""All that the stores of a service ask their database, run on a recording: a module for each service."""
