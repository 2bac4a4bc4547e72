"""Rules for every test of the repository, in the add-ons and in `tests/`.

* Nothing is skipped: a test that is skipped, or expected to fail, fails.
* Nothing goes wrong unseen: an ERROR logged by Odoo while a test runs fails it. A test that provokes one says so with
  `self.assertLogs(…)` or `mute_logger(…)`.
* Tests run side by side (`./test` asks pytest-xdist for a process per core) never meet: each process has a copy of the
  test database, with its files, that is dropped at the end.
"""

import fcntl
import logging
import os
from pathlib import Path

import pytest

# A page that is still loading something when its tour has succeeded is closed, and complains.
NO_ERROR = "Error received after termination"


class ErrorRecords(logging.Handler):
    """Keeps what Odoo logs as ERROR or worse, on whatever thread, until it is taken."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.kept = []

    def emit(self, record):
        text = self.format(record)
        if record.name.split(".")[0] == "odoo" and not text.startswith(NO_ERROR):
            self.kept.append(f"{record.levelname} {record.name}: {text}")

    def take(self):
        kept, self.kept = self.kept, []
        return kept


error_records = ErrorRecords()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session):
    logging.getLogger().addHandler(error_records)
    worker = os.environ.pop("PYTEST_XDIST_WORKER", None)  # pytest-odoo would make a copy without files
    if worker:
        session.config.kondo_copy = copy_for(worker)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    logging.getLogger().removeHandler(error_records)
    if hasattr(session.config, "kondo_copy"):
        from tests.server import drop_database

        drop_database(session.config.kondo_copy)


def copy_for(worker):
    """Give a process that runs tests beside others its own copy of the test database; returns the name of the copy."""
    from odoo.tools import config

    (template,) = config["db_name"]
    copy = os.environ["KONDO_TEST_DATABASE"] = f"{template}_{worker}"
    from tests.server import copy_database  # it reads the name of the database once

    lock = Path(config["data_dir"]) / f"{template}.copying"
    with lock.open("w") as held:  # PostgreSQL copies a database for one process at a time
        fcntl.flock(held, fcntl.LOCK_EX)
        copy_database(template, copy)
    config["db_name"] = [copy]
    config["dbfilter"] = f"^{copy}$"
    return copy


def forbid_skip(report):
    if report.skipped or hasattr(report, "wasxfail"):
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} did not run to its end: {why}. Every test has to."
        vars(report).pop("wasxfail", None)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    report = yield
    forbid_skip(report)
    errors = error_records.take()
    if errors and report.passed:
        report.outcome = "failed"
        report.longrepr = "The test logged an error:\n" + "\n".join(errors)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(collector):
    report = yield
    forbid_skip(report)
    return report
