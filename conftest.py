"""Rules for every test of the repository, in the add-ons and in `tests/`.

* Nothing is skipped: a test that is skipped, or expected to fail, fails.
* Nothing goes wrong unseen: an ERROR logged by Odoo while a test runs fails it. A test that provokes one says so with
  `self.assertLogs(…)` or `mute_logger(…)`.
"""

import logging

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
def pytest_sessionstart():
    logging.getLogger().addHandler(error_records)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish():
    logging.getLogger().removeHandler(error_records)


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
