"""What joins the features: loading a project, its home and plan, outcome and budget tables, the public page."""
