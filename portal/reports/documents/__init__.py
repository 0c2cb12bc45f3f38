"""Documents as PDF: each has a module here that says what stands in it, and a layout that says where."""
