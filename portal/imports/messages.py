"""What is said when a file cannot be imported."""

from typing import Any

SENTENCES: dict[str, Any] = {}
