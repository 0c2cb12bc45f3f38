"""Changing projects: loading a project file, and what people change on pages."""

from portal.projects.services.loading import Loaded, load_project

__all__ = ["Loaded", "load_project"]
