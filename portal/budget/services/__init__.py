"""Writing budgets, expenditure, contracts and rates."""
