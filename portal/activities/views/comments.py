"""Questions and answers on activities and events."""

from flask import Blueprint

bp = Blueprint("comments", __name__, url_prefix="/projects/<code>")
