"""The forms of budgets, expenditure, contracts and rates."""
