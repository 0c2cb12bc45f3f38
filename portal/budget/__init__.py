"""Budgets, expenditure, contracts, exchange rates, and what is wrong with an item of expenditure."""
