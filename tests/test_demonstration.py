"""The demonstration network, built as ./run builds it, on a database of its own behind a real server."""

import json
import subprocess
import sys
import time

import pytest

from odoo.addons.kondo_microfinance.demo.staff import logins

from tests.server import ROOT, Server, copy_database, drop_database


def build(server, logins_file):
    command = [sys.executable, "-m", "scripts.demo", "-c", "odoo.conf", "-d", server.database]
    command += ["--logins-file", str(logins_file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1500, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Server("demonstration", workers=2) as server:
        server.logins_file = tmp_path_factory.mktemp("demonstration") / "logins"
        started = time.monotonic()
        build(server, server.logins_file)
        print(f"The demonstration network was built in {time.monotonic() - started:.0f} s, pages included.")
        server.restart()
        yield server


def count(server, table, condition="true"):
    return server.query(f"SELECT count(*) FROM {table} WHERE {condition}")[0][0]


def test_there_is_a_union_with_four_caisses_and_four_hundred_members(server):
    kinds = server.query("SELECT kondo_kind, count(*) FROM res_company GROUP BY kondo_kind")
    assert dict(kinds) == {"union": 1, "caisse": 4}
    members = server.query(
        "SELECT company_id, count(*) FROM res_partner WHERE is_kondo_member AND org_form IS NULL GROUP BY company_id"
    )
    assert sorted(number for _company, number in members) == [100, 100, 101, 101]  # two collectors are members
    assert count(server, "kondo_savings_account") >= 500
    assert count(server, "res_partner", "is_kondo_member AND member_kind = 'group'") >= 20


def test_two_months_went_through_the_ledger(server):
    kinds = dict(server.query("SELECT kind, count(*) FROM kondo_operation GROUP BY kind"))
    assert set(kinds) >= {
        *("deposit", "withdrawal", "transfer", "reversal", "slip", "till_difference"),
        *("fee", "interest", "term_opening", "share_payment", "standing_order", "collection", "batch"),
        *("remote_deposit", "remote_withdrawal", "cash_sent", "cash_received"),
        *("loan_commitment", "loan_disbursement", "loan_repayment"),
    }
    assert sum(kinds.values()) >= 700
    assert count(server, "kondo_approval", "state = 'used'") and count(server, "kondo_approval", "state = 'pending'")
    first, last, today = server.query(
        "SELECT min(business_date), max(business_date), current_date FROM kondo_operation"
    )[0]
    assert (today - first).days >= 58 and (today - last).days <= 1
    assert count(server, "kondo_operation", "posted_at > now() AT TIME ZONE 'UTC'") == 0
    assert (
        count(server, "kondo_operation", "posted_at::date <> business_date AND business_date < current_date - 1") == 0
    )


def test_the_organisations_of_2017_and_whom_the_line_reached(server):
    """SOS Faim, 2017: 136 farmer organisations, 4 428 women and 1 398 young people, each lent to by name."""
    reached = server.query(
        """SELECT count(DISTINCT l.partner_id), count(DISTINCT p.id) FILTER (WHERE p.sex = 'female'),
                  count(DISTINCT p.id) FILTER (WHERE age(l.disbursed_on, p.birth_date) >= interval '15 years'
                                                 AND age(l.disbursed_on, p.birth_date) < interval '36 years')
             FROM kondo_loan_split s JOIN kondo_loan l ON l.id = s.loan_id AND l.disbursed_on IS NOT NULL
             JOIN kondo_org_person p ON p.id = s.person_id
             JOIN kondo_loan_funding f ON f.loan_id = l.id JOIN kondo_funding_line d ON d.id = f.line_id
            WHERE d.name = 'SOS Faim 2017, organisations paysannes'"""
    )
    assert reached == [(136, 4428, 1398)]
    apart = "(SELECT sum(granted) FROM kondo_loan_split s WHERE s.loan_id = kondo_loan.id) <> amount"
    assert count(server, "kondo_loan", apart) == 0
    lent, repaid, outstanding = server.query(
        """SELECT lent, repaid, (SELECT sum(outstanding) FROM kondo_loan_funding f WHERE f.line_id = d.id)
             FROM kondo_funding_line d WHERE name = 'SOS Faim 2017, organisations paysannes'"""
    )[0]
    assert lent - repaid == outstanding and repaid > 0


def test_the_books_agree(server):
    legs = server.query(
        "SELECT company_id, account_id, sum(amount) FROM kondo_operation_line GROUP BY company_id, account_id ORDER BY 1, 2"
    )
    items = server.query(
        """SELECT l.company_id, l.account_id, sum(l.balance)::bigint FROM account_move_line l
             JOIN account_move m ON m.id = l.move_id
            WHERE l.parent_state = 'posted' AND m.kondo_operation_id IS NOT NULL
            GROUP BY l.company_id, l.account_id ORDER BY 1, 2"""
    )
    by_hand = server.query(
        """SELECT count(*) FROM account_move_line l JOIN account_move m ON m.id = l.move_id
             JOIN account_account a ON a.id = l.account_id
            WHERE m.kondo_operation_id IS NULL AND a.kondo_control IS NOT NULL"""
    )
    assert [row for row in legs if row[2]] == [row for row in items if row[2]]
    assert by_hand == [(0,)]
    balances = server.query(
        """SELECT count(*) FROM kondo_savings_account a WHERE balance <>
                  (SELECT COALESCE(-sum(amount), 0) FROM kondo_operation_line l WHERE l.savings_account_id = a.id)"""
    )
    assert balances == [(0,)]


def test_loans_stand_in_every_state_worth_showing(server):
    states = dict(server.query("SELECT state, count(*) FROM kondo_loan GROUP BY state"))
    assert set(states) >= {
        *("draft", "review", "committee", "approved", "active", "closed", "refused", "cancelled"),
    }
    assert states["active"] >= 35 and states["committee"] >= 4
    products = dict(
        server.query(
            """SELECT p.code, count(*) FROM kondo_loan l JOIN kondo_loan_product p ON p.id = l.product_id
                WHERE l.state = 'active' GROUP BY p.code"""
        )
    )
    assert set(products) == {"CAM", "COM", "FEM", "EQP", "DEP", "OPC", "OPM"}
    assert count(server, "kondo_operation", "kind = 'loan_repayment'") >= 80
    assert count(server, "kondo_loan", "state = 'active' AND days_late > 30") >= 2
    assert count(server, "kondo_loan", "state = 'active' AND days_late BETWEEN 1 AND 30") >= 1
    assert count(server, "kondo_loan", "restructured AND state = 'active'") == 1
    assert count(server, "kondo_loan", "pays_from_savings AND principal < amount") == 1
    assert count(server, "kondo_loan_tranche", "disbursed") == 1
    assert count(server, "kondo_loan_guarantor") and count(server, "kondo_loan_collateral")
    steps = dict(server.query("SELECT kind, count(*) FROM kondo_loan_followup GROUP BY kind"))
    assert set(steps) >= {"call", "visit", "promise", "letter_1"}
    assert dict(server.query("SELECT state, count(*) FROM kondo_loan_waiver GROUP BY state")) == {
        "granted": 1,
        "asked": 1,
    }


def test_every_loan_owes_what_its_operations_and_its_schedule_say(server):
    apart = server.query(
        """SELECT l.name FROM kondo_loan l
            WHERE l.principal <> (SELECT COALESCE(sum(amount), 0) FROM kondo_operation_line o
                                   WHERE o.loan_id = l.id AND o.loan_component = 'principal')
               OR l.state = 'active' AND l.principal <> (SELECT sum(principal - paid_principal)
                                                           FROM kondo_loan_instalment i WHERE i.loan_id = l.id AND i.current)"""
    )
    assert apart == []
    assert count(server, "kondo_loan_decision", "teg > 24") == 0


def test_the_committee_of_niono_has_files_before_it(server):
    manager = server.client("gerant.niono")
    sittings = manager.call("kondo.loan.committee", "search", [[("state", "=", "open")]])
    assert len(sittings) == 1
    shown = manager.call("kondo.loan.committee", "projector", [sittings])
    waiting = [page for page in shown["files"] if page["waits"]]
    assert len(waiting) >= 3 and shown["present"] >= shown["quorum"] and shown["can_decide"]
    assert not any(page["faults"] for page in waiting)
    assert [page["withdraws"] for page in waiting if page["withdraws"]]
    minutes = manager.call("kondo.loan.committee", "search_count", [[("state", "=", "closed")]])
    assert minutes == 3  # one of them on the organisations' files


def test_every_user_logs_in_with_the_printed_login(server):
    printed = server.logins_file.read_text(encoding="utf-8")
    for login, password, role, caisse in logins():
        assert server.client(login, password).user_id
        assert all(word in printed for word in (login, role, caisse))


def test_the_teller_of_niono_may_begin_at_once_and_sees_his_caisse_only(server):
    teller = server.client("guichet.niono")
    session = teller.call("kondo.teller", "current_session")
    assert (session["caisse"], session["state"]) == ("Caisse de Niono", "open")
    assert teller.call("res.partner", "search_count", [[("is_kondo_member", "=", True)]]) == 101 + 34
    assert teller.call("kondo.teller", "search_members", ["Traoré"])


def test_the_controller_sees_every_caisse(server):
    controller = server.client("controleur")
    companies = controller.call("res.company", "search", [[("kondo_kind", "=", "caisse")]])
    kwargs = {"context": {"allowed_company_ids": companies}}
    assert controller.call("res.partner", "search_count", [[("is_kondo_member", "=", True)]], kwargs) == 402 + 136


def test_building_it_again_changes_nothing(server):
    before = server.query("SELECT count(*), max(id) FROM kondo_operation")
    build(server, server.logins_file)
    assert server.query("SELECT count(*), max(id) FROM kondo_operation") == before


def test_the_year_is_played_to_its_end_and_every_return_is_filed(server):
    """December: months closed, statements, indicators, annual report and ratios of each institution and of the network."""
    database = f"{server.database}_year"
    copy_database(server.database, database)
    try:
        command = [sys.executable, "-m", "tests.year", database]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1500, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        said = json.loads(done.stdout.splitlines()[-1])
    finally:
        drop_database(database)
    wrong = said["wrong_entry"]
    assert (wrong["leads_to_it"], wrong["difference"]) == (True, 45_000), wrong
    assert set(map(tuple, said["months"].values())) == {()}
    assert len(said["returns"]) == 4 * 5, "four returns of four caisses and of the network"
    for name, found in said["returns"].items():
        red = {code for code, state in found["checks"].items() if state == "failed"}
        assert red == set(), (name, found["failed"])
        assert found["checks"]["proved"] == found["checks"]["months"] == "passed", name
    assets = {name: found["balance"] for name, found in said["returns"].items() if name.startswith("DIMF")}
    assert all(amount > 50_000_000 for amount in assets.values())
