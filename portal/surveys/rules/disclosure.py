"""What is told of answers at all. Source: rules of surveys and of disclosure."""

from typing import Final

# No figure is told of fewer respondents.
MIN_RESPONDENTS: Final = 10
