"""Reading budgets, expenditure, contracts and rates."""
