"""The portal for a WSGI server such as gunicorn: `gunicorn portal.wsgi:app`, with `portal worker` beside it."""

from portal import create_app
from portal.config import Config
from portal.core.settling import settle

app = create_app(Config.from_env())
settle()
