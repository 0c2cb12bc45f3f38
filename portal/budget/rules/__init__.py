"""The rules of expenditure, without app or database: items, findings, flat rates, budgets, rates."""
