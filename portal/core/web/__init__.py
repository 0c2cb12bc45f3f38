"""What every page shares: headers, language, formats, and the way a refusal is answered."""

from flask import Flask

from portal.core.web import addresses, answers, formats, headers, language
from portal.core.web.paging import page_address


def init_web(app: Flask) -> None:
    """Give the app its headers, its language switch, its template filters and its error pages."""
    app.before_request(addresses.refuse_nul)
    language.init_language(app)
    formats.init_formats(app)
    headers.init_headers(app)
    answers.init_answers(app)
    app.jinja_env.globals.update(page_address=page_address)
