"""Pages of imports: upload, preview, store, list, undo."""

from flask import Blueprint

bp = Blueprint("imports", __name__, url_prefix="/projects/<code>")
