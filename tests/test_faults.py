"""The short forms of tests.faults, on a real server with four workers."""

import pytest

from tests.faults import intercaisse, loans, retries, withdrawals
from tests.faults.ground import check, prepare
from tests.server import Server


@pytest.fixture(scope="module")
def server():
    with Server("faults", workers=4) as server:
        yield server


def test_of_fifty_withdrawals_at_once_exactly_ten_are_paid(server):
    scene = withdrawals.Scene(server.url, server.database)
    failures, _in_time = withdrawals.play(scene, rounds=2, variant_rounds=1)
    assert failures == []


def test_an_operation_sent_many_times_over_cut_lines_is_posted_once(server):
    run = retries.Run(server.url, server.database, operations=60)
    run.live()
    assert run.failures == []
    assert run.cuts and run.misuses, "lines were cut and UUIDs misused"


def test_operations_that_cross_between_two_caisses_never_wait_in_a_circle(server):
    assert intercaisse.play(intercaisse.Scene(server), rounds=1, size=4) == []


def test_loans_at_many_tills_and_each_step_of_their_life(server):
    assert loans.play(loans.Scene(server)) == []


def test_the_server_logged_no_crash(server):
    errors = [line for line in server.log.read_text(encoding="utf-8").splitlines() if " ERROR " in line]
    assert errors == []


def test_the_check_finds_a_franc_that_is_missing(server):
    """The proof at the end of each run is worth something: it sees a balance that is wrong by one franc."""
    prepare(server.database)
    server.query("UPDATE kondo_savings_account SET balance = balance + 1 WHERE number = 'FXA-FXD-00007' RETURNING id")
    try:
        assert any("FXA" in gap for gap in check(server.database))
    finally:
        server.query(
            "UPDATE kondo_savings_account SET balance = balance - 1 WHERE number = 'FXA-FXD-00007' RETURNING id"
        )
    assert check(server.database) == []
