"""Merging two records of one organisation, after a preview."""

from flask import Blueprint

bp = Blueprint("merging", __name__, url_prefix="/projects/<code>")
