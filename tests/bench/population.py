"""A caisse with as many loans and savings accounts as one likes, entered by SQL and booked through the door.

Members, accounts and loans are copies of one that Odoo has made; what they own and owe comes by operations, so that legs,
journal entries and balances agree and the evening's proof holds. One loan in ten has been late for up to two years, one in
ten is lent from a donor's line, one in twenty has savings held, one in a hundred is paid by its member's account.
"""

import uuid
from datetime import date

from odoo import SUPERUSER_ID
from odoo.tools import SQL

from tests.faults.ground import build

# The evening entered with the population, then an ordinary one, then the end of a quarter: interest of savings is posted.
WARM, ORDINARY, MONTH_END, AFTER = date(2026, 9, 28), date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 1)
DEPOSITS = date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 31)
INSTALMENTS = 12
PRINCIPAL, INTEREST = 10_000, 1_800  # of an instalment; interest falls by 150 F from one to the next
BANK = "1141"


def _execute_bench(self, posting, values):
    """values: query, loans (whether it is of loans). The other side is the bank."""
    totals = posting.move_many_loans(values["query"]) if values["loans"] else posting.move_many(values["query"])
    bank = self.env["res.company"].sudo().browse(posting.company_id)._kondo_account(BANK)
    total = sum(amount for _account, amount in totals)
    posting.add_leg(bank.id, -total)
    posting.label = "Population"
    posting.values.update(amount=abs(total))


def columns_of(cr, table, *others):
    cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'", [table]
    )
    return sorted({name for (name,) in cr.fetchall()} - {"id", *others})


def clone(cr, table, record_id, count, **changes):
    """Copy a row `count` times; `changes` are SQL of columns that may use n, from 1 on."""
    same = columns_of(cr, table, *changes)
    cr.execute(
        f"""INSERT INTO {table} ({", ".join([*changes, *same])})
            SELECT {", ".join([*changes.values(), *(f"t.{name}" for name in same)])}
              FROM {table} t, generate_series(1, {count}) AS n WHERE t.id = {record_id}""",
    )


class Population:
    """Enters everything; `company` is the caisse, on the business day `WARM`."""

    def __init__(self, env, loans, savings):
        self.env, self.cr = env, env.cr
        type(env["kondo.operation"])._execute_bench = _execute_bench
        build(env)
        for group in ("administrator", "loan_officer", "accountant", "network_manager"):
            env.user.group_ids += env.ref(f"kondo_microfinance.group_{group}")
        self.union = env["res.company"].search([("kondo_code", "=", "FXU")])
        (self.company,) = env["res.company"]._kondo_create_caisses(
            self.union, [{"name": "Caisse BIG", "code": "BIG", "tills": 1, "business_date": DEPOSITS[0]}]
        )
        env.user.company_ids += self.union + self.company
        self.env = env = env(context={**env.context, "allowed_company_ids": self.company.ids})
        self.cr.commit()
        members = max(1, savings // 2)
        self.enter_members(members)
        self.enter_savings(savings, members)
        self.enter_loans(loans, members)
        self.enter_line()
        self.enter_holds()

    def post(self, query, loans=False):
        key = str(uuid.uuid4())
        values = {"query": query, "loans": loans}
        answer = self.env["kondo.operation"]._post_here("bench", key, self.company.id, values, key)
        self.cr.commit()
        self.env.invalidate_all()
        return answer["operation_id"]

    def enter_members(self, count):
        self.member = self.env["res.partner"].create(
            {
                "name": "MEMBRE",
                "is_kondo_member": True,
                "member_kind": "individual",
                "member_state": "active",
                "sex": "female",
                "company_id": self.company.id,
            }
        )
        self.env.flush_all()
        clone(
            self.cr, "res_partner", self.member.id, count, name="'MEMBRE ' || n", complete_name="'MEMBRE ' || n",
            member_number="'BIG-' || lpad(n::text, 7, '0')", commercial_partner_id="NULL", birth_date="NULL",
            sex="CASE mod(n, 3) WHEN 0 THEN 'male' ELSE 'female' END",
        )  # fmt: skip
        self.cr.execute(
            "UPDATE res_partner SET commercial_partner_id = id WHERE commercial_partner_id IS NULL AND company_id = %s",
            [self.company.id],
        )
        self.cr.execute(
            """CREATE TEMPORARY TABLE member AS SELECT id, row_number() OVER (ORDER BY id) AS place FROM res_partner
                WHERE company_id = %s AND member_number LIKE 'BIG-%%'""",
            [self.company.id],
        )
        self.cr.execute("CREATE UNIQUE INDEX ON member (place); ANALYZE member")
        self.cr.commit()

    def enter_savings(self, count, members):
        products = self.env["kondo.savings.product"]
        passbook = products.create({"name": "Livret", "code": "LIV", "kind": "passbook", "company_id": self.union.id})
        self.env["kondo.savings.interest.rule"].create(
            {
                "product_id": passbook.id,
                "date_from": date(2026, 1, 1),
                "annual_rate": 3.5,
                "balance_basis": "lowest_of_month",
                "posting": "quarterly",
            }
        )
        demand = products.create({"name": "Dépôt à vue", "code": "DAV", "kind": "demand", "company_id": self.union.id})
        for product, share in ((passbook, count * 6 // 10), (demand, count - count * 6 // 10)):
            account = self.env["kondo.savings.account"].create({"partner_id": self.member.id, "product_id": product.id})
            self.env.flush_all()
            clone(
                self.cr, "kondo_savings_account", account.id, share, number=f"'{product.code}' || n",
                partner_id=f"(SELECT id FROM member m WHERE m.place = 1 + mod(n, {members}))", opened_on="'2026-01-15'::date",
            )  # fmt: skip
        self.cr.execute("ANALYZE kondo_savings_account, res_partner")
        self.cr.commit()
        for turn, day in enumerate(DEPOSITS):
            if turn:
                self.company._move_business_date(day)
            self.post(
                SQL(
                    """SELECT id, (2000 + mod(id * %s, 97) * 500)::bigint, '', 1::bigint FROM kondo_savings_account
                        WHERE company_id = %s""",
                    turn + 7,
                    self.company.id,
                )
            )

    def enter_loans(self, count, members):
        self.company._move_business_date(WARM)
        self.env["kondo.loan.product"].search([("code", "=", "FXL")]).penalty_grace = 3
        product = self.env["kondo.loan.product"].search([("code", "=", "FXL")])
        loan = self.env["kondo.loan"].create(
            {"partner_id": self.member.id, "product_id": product.id, "amount": 120_000}
        )
        self.env.flush_all()
        first = "CASE WHEN mod(n, 10) = 0 THEN 60 + mod(n / 10, 700) ELSE 30 + mod(n, 300) END"
        clone(
            self.cr, "kondo_loan", loan.id, count, name="'BIG-N-' || n", state="'active'", term_class="'short'",
            partner_id=f"(SELECT id FROM member m WHERE m.place = 1 + mod(n * 3, {members}))", disbursed="120000",
            ledger_account_id=str(product._account("principal", "short").id),
            accrued_account_id=str(product._account("accrued", "short").id),
            disbursed_on=f"'{WARM}'::date - ({first})::int", start_on=f"'{WARM}'::date - ({first})::int",
            officer_id=str(SUPERUSER_ID), days_late="0", instalments_late="0",
        )  # fmt: skip
        self.cr.execute(
            """INSERT INTO kondo_loan_schedule (loan_id, company_id, number, reason, from_on, current)
               SELECT id, company_id, 1, 'disbursed', disbursed_on, true FROM kondo_loan
                WHERE company_id = %(company)s AND state = 'active';
               UPDATE kondo_loan l SET schedule_id = s.id FROM kondo_loan_schedule s
                WHERE s.loan_id = l.id AND l.company_id = %(company)s""",
            {"company": self.company.id},
        )
        others = columns_of(self.cr, "kondo_loan_instalment")
        zero = [name for name in others if name.startswith(("paid_", "waived_")) or name in
                ("fee", "tax", "insurance", "guarantee", "penalty")]  # fmt: skip
        zero = [name for name in zero if name not in ("paid_principal", "paid_interest")]
        self.cr.execute(
            f"""INSERT INTO kondo_loan_instalment (schedule_id, loan_id, company_id, current, number, start, due, days, principal,
                        interest, accrues, balance, paid_principal, paid_interest, {", ".join(zero)})
                SELECT l.schedule_id, l.id, l.company_id, true, k, l.disbursed_on + 30 * (k - 1), l.disbursed_on + 30 * k, 30,
                       {PRINCIPAL}, {INTEREST} - 150 * (k - 1), {INTEREST} - 150 * (k - 1), {PRINCIPAL} * ({INSTALMENTS} - k),
                       CASE WHEN p.paid THEN {PRINCIPAL} ELSE 0 END,
                       CASE WHEN p.paid THEN {INTEREST} - 150 * (k - 1) ELSE 0 END, {", ".join("0" for _name in zero)}
                  FROM kondo_loan l, generate_series(1, {INSTALMENTS}) AS k,
                       LATERAL (SELECT split_part(l.name, '-', 3)::int % 10 <> 0
                                       AND l.disbursed_on + 30 * k <= '{WARM}'::date AS paid) p
                 WHERE l.company_id = {self.company.id} AND l.state = 'active'"""
        )
        self.cr.execute("ANALYZE kondo_loan, kondo_loan_schedule, kondo_loan_instalment")
        self.cr.commit()
        operation_id = self.post(
            SQL(
                """SELECT i.loan_id, 'principal', sum(i.principal - i.paid_principal)::bigint, l.ledger_account_id, 1
                     FROM kondo_loan_instalment i JOIN kondo_loan l ON l.id = i.loan_id WHERE i.company_id = %s
                    GROUP BY i.loan_id, l.ledger_account_id""",
                self.company.id,
            ),
            loans=True,
        )
        self.lent = operation_id
        for part in ("principal", "interest"):
            self.cr.execute(
                f"""INSERT INTO kondo_loan_allocation (loan_id, instalment_id, company_id, operation_id, payment_id,
                            business_date, component, amount)
                    SELECT loan_id, id, company_id, {operation_id}, {operation_id}, due, '{part}', paid_{part}
                      FROM kondo_loan_instalment WHERE company_id = {self.company.id} AND paid_{part} > 0"""
            )
        self.cr.execute(
            """UPDATE kondo_loan l SET pays_from_savings = true, savings_account_id = a.id
                 FROM (SELECT DISTINCT ON (partner_id) partner_id, id FROM kondo_savings_account
                        WHERE company_id = %(company)s ORDER BY partner_id, id) a
                WHERE a.partner_id = l.partner_id AND l.company_id = %(company)s AND mod(l.id / 10, 100) = 1""",
            {"company": self.company.id},
        )
        self.cr.commit()

    def enter_line(self):
        """A donor's line that has paid one loan in ten, whole."""
        bank = self.company._kondo_create_bank_account("Banque BIG", "ML016 BIG").sudo()
        line = self.env["kondo.funding.line"].create(
            {
                "name": "Ligne BIG",
                "donor_id": self.env["res.partner"].create({"name": "Bailleur", "is_company": True}).id,
                "agreement": "2026/1",
                "company_id": self.union.id,
                "amount": 500_000_000_000,
                "date_from": "2020-01-01",
            }
        )
        self.cr.commit()
        line.receive(bank.id, 400_000_000_000, "Tranche")
        self.cr.commit()
        self.cr.execute(
            """
            INSERT INTO kondo_loan_funding (loan_id, company_id, line_id, percent, outstanding)
            SELECT id, company_id, %(line)s, 100, principal FROM kondo_loan
             WHERE company_id = %(company)s AND state = 'active' AND mod(id / 7, 10) = 3;
            INSERT INTO kondo_funding_move (line_id, loan_id, company_id, operation_id, business_date, flow, amount)
            SELECT f.line_id, f.loan_id, f.company_id, %(operation)s, %(day)s, m.flow, m.amount
              FROM kondo_loan_funding f JOIN kondo_loan l ON l.id = f.loan_id,
                   LATERAL (VALUES ('lent', l.disbursed), ('repaid', l.disbursed - f.outstanding)) m (flow, amount)
             WHERE f.line_id = %(line)s AND m.amount <> 0;
            UPDATE kondo_funding_line SET lent = (SELECT COALESCE(sum(amount), 0) FROM kondo_funding_move
                                                   WHERE line_id = %(line)s AND flow = 'lent'),
                                          repaid = (SELECT COALESCE(sum(amount), 0) FROM kondo_funding_move
                                                     WHERE line_id = %(line)s AND flow = 'repaid')
             WHERE id = %(line)s
            """,
            {"line": line.id, "company": self.company.id, "operation": self.lent, "day": WARM},
        )
        self.cr.commit()

    def enter_holds(self):
        """A guarantee of one loan in twenty, on a passbook of its borrower."""
        self.cr.execute(
            """
            CREATE TEMPORARY TABLE held AS
            SELECT DISTINCT ON (a.id) a.id AS account_id, l.name, LEAST(a.balance, 5000) AS amount, a.company_id
              FROM kondo_loan l JOIN kondo_savings_account a ON a.partner_id = l.partner_id
             WHERE l.company_id = %(company)s AND mod(l.id, 20) = 0 ORDER BY a.id, l.id;
            INSERT INTO kondo_savings_hold (account_id, company_id, amount, kind, state, origin, reason, set_by_id, date_from)
            SELECT account_id, company_id, amount, 'guarantee', 'active', name, 'Garantie', %(user)s, %(day)s FROM held;
            UPDATE kondo_savings_account a SET blocked = h.amount FROM held h WHERE h.account_id = a.id
            """,
            {"company": self.company.id, "user": SUPERUSER_ID, "day": WARM},
        )
        self.cr.commit()
