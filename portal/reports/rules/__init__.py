"""Pure rules of what joins the features: whether targets will be reached, and where things lie on a timeline."""
