"""Pages of budgets, expenditure, contracts and rates."""
