"""Files that bring rows: upload, preview, store as one, list, undo; each feature says what its kinds of file hold."""
