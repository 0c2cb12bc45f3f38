"""Background jobs and the mail outbox; knows no feature, features register what they can do."""
