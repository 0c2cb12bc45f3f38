"""Programmes, projects, organisations, work packages, activities, indicators and reporting periods."""
