"""Forms of studies."""
