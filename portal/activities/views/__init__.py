"""Pages of events and attendance."""
