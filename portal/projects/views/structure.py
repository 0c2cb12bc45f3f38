"""Pages on which a project is made and changed, and its versions."""

from flask import Blueprint

bp = Blueprint("structure", __name__, url_prefix="/projects/<code>")
