"""Who did what, when, with before and after: written in the transaction of the change, never altered."""
