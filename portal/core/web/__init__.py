"""What every page shares: headers, language, formats, and the way a refusal is answered."""

from flask import Flask

from portal.core.web import addresses, answers, compression, formats, headers, language
from portal.core.web.paging import page_address, refuse_page_size


def init_web(app: Flask) -> None:
    """Give the app its headers, its language switch, its template filters and its error pages."""
    app.before_request(addresses.refuse_nul)
    language.init_language(app)
    app.before_request(refuse_page_size)
    formats.init_formats(app)
    # What is registered later runs earlier: packing comes last.
    compression.init_compression(app)
    headers.init_headers(app)
    answers.init_answers(app)
    app.jinja_env.globals.update(page_address=page_address)
