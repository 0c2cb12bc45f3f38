"""What is said when a table cannot be read."""

from typing import Any

SENTENCES: dict[str, Any] = {}
