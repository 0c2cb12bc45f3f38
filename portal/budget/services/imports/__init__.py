"""Storing what files of budgets, expenditure and rates bring, and taking back exactly that."""
