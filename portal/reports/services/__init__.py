"""What changes several features at once, in one transaction over the services of each."""
