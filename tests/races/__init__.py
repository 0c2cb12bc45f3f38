"""Races with real commits: several server processes, hundreds of people at once, and kill -9 in the middle."""
