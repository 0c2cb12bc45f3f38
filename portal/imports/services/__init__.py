"""Checking what someone brings, storing it as one, taking it back."""
