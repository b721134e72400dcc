"""What a process is: settings, background tasks, logs and metrics."""
