"""Surveys: instruments, waves, responses, pairing and analysis. Who answered what can be known to nobody."""
