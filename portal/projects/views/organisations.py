"""Pages of the project's organisations: names, addresses, contacts."""

from flask import Blueprint

bp = Blueprint("organisations", __name__, url_prefix="/projects/<code>")
