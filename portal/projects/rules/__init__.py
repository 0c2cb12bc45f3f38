"""What a project's facts may say and how a project file becomes facts: pure, every refusal a code with named values."""
