"""Searching the projects of the person at hand."""

from flask import Blueprint

bp = Blueprint("search", __name__)
