"""kill -9 in the middle of an upload leaves all of it or nothing."""

import os
import subprocess
import sys
from collections import Counter

from portal.activities.queries import list_evidence
from portal.core.db import db
from portal.core.files.queries import list_files
from portal.reports.checks import list_violations
from tests.architecture.source import ROOT
from tests.integration.files.uploading import FILES
from tests.make import make_event, make_project, make_user

ROUNDS = 30


def test_an_upload_that_is_killed_thirty_times_leaves_all_or_nothing_each_time(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path)
    with app.app_context():
        make_project()
        make_event(ref="W1")
        make_user()
        url = db.engine.url.render_as_string(hide_password=False)
        db.session.remove()
        db.engine.dispose()
    environment = {"PORTAL_DATABASE_URL": url, "PORTAL_DATA_DIR": str(tmp_path), "PORTAL_SECRET_KEY": "x" * 32}
    command = [sys.executable, "-m", "tests.integration.files.uploading", str(ROUNDS)]
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, **environment}, timeout=120)
    with app.app_context():
        attached = Counter(item.row.filename.partition("-")[0] for item in list_evidence(1))
        assert attached["0"] == FILES
        assert set(attached.values()) == {FILES}
        assert len(attached) < 1 + ROUNDS
        assert len(list_files()) == attached.total()
        assert list_violations() == []
