"""Changing events and who was there."""
