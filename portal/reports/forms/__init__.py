"""Forms of what changes several features at once."""
