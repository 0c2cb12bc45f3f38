"""The plan page: work packages, activities and deliverables, what is late, what is to be reached."""

from flask import Blueprint

bp = Blueprint("plan", __name__, url_prefix="/projects/<code>")
