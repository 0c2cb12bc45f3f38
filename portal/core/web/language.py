"""Which language a page speaks: the address, then the person's choice, then what the browser asks for."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlencode

from babel.support import NullTranslations
from flask import Flask, has_request_context, request, session
from flask_babel import Babel, force_locale, get_locale, get_translations

LANGUAGES = {"en": "English", "lt": "Lietuvių", "pl": "Polski"}

babel = Babel()

_catalogues: dict[str, NullTranslations] = {}


def init_language(app: Flask) -> None:
    """Choose the language for each request and offer the switch to templates."""
    babel.init_app(app, default_locale="en", locale_selector=_select, default_translation_directories="../translations")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # added by Jinja's extension
        _gettext, _ngettext, newstyle=True
    )
    app.before_request(_remember)
    app.jinja_env.globals.update(languages=LANGUAGES, current_language=current_language, in_language=_in_language)


def current_language() -> str:
    """The two letters of the language of the moment ("en" outside a request)."""
    locale = get_locale()
    return locale.language if locale else "en"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let the block speak `language`: for files and mails."""
    with force_locale(language):
        yield


def text_in(texts: Mapping[str, str] | None, language: str | None = None) -> str:
    """The text in `language` (default: of the moment), else in English, else in any; '' where there is none."""
    if not texts:
        return ""
    for each in (language or current_language(), "en", *texts):
        if texts.get(each):
            return texts[each]
    return ""


def _gettext(text: str) -> str:
    return _catalogue().ugettext(text)


def _ngettext(one: str, many: str, number: int) -> str:
    return _catalogue().ungettext(one, many, number)


def _catalogue() -> NullTranslations:
    """The texts of the language of the moment: a page asks hundreds of times, the extension is asked once for each."""
    language = current_language()
    if language not in _catalogues:
        _catalogues[language] = get_translations()
    return _catalogues[language]


def _select() -> str:
    if not has_request_context():
        return "en"
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return asked
    kept = session.get("language")
    if kept in LANGUAGES:
        return str(kept)
    return request.accept_languages.best_match(list(LANGUAGES)) or "en"


def _remember() -> None:
    asked = request.args.get("lang")
    if asked in LANGUAGES and session.get("language") != asked:
        session["language"] = asked


def _in_language(language: str) -> str:
    """The address of this same page in another language; of the page a form belongs to, where it only takes forms."""
    if request.method != "GET":
        shows = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
        return f"{request.path if shows else request.path.rpartition('/')[0]}?{urlencode({'lang': language})}"
    kept = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    return f"{request.path}?{urlencode([*kept, ('lang', language)])}"
