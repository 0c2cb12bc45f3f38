"""Rules of surveys: pure, without app or database."""
