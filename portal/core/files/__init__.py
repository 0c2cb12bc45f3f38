"""The evidence store: files kept by their hash, checked for what they are, served only as attachments."""
