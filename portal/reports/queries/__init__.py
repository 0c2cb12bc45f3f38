"""The figures that pages, files and commands share: one function for each."""
