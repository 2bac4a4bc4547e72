import io
from datetime import date, timedelta
from html import unescape

import openpyxl
from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.kondo_microfinance.engine.classification import RISING, provision_needed
from odoo.addons.kondo_microfinance.engine.portfolio import PAR, POINTS, age_band, bucket, percent
from odoo.addons.kondo_microfinance.engine.sharing import share_out
from odoo.addons.kondo_microfinance.models.closing.bands import AGES, age_sql, bucket_sql

from .common import KondoHttpCase
from .loan_common import LoanCase, LoanFixture


class PortfolioCase(LoanCase):
    """Niono with loans of several products, lines, ages and delays; Ségou with one of its own."""

    @classmethod
    def business_date(cls):
        return date(2026, 1, 5)

    @classmethod
    def build_network(cls):
        super().build_network()
        cls.campaign = cls.loan_product(name="Crédit campagne", code="CAM", amortization="in_fine", instalments=1)
        cls.accountant = cls.users["NIX"]["accountant"]
        cls.seg_manager = cls.users["SGX"]["manager"]
        cls.lines = cls.env["kondo.funding.line"].create(
            [
                {
                    "name": name,
                    "donor_id": cls.env["res.partner"].create({"name": name, "is_company": True}).id,
                    "agreement": f"Convention {name}",
                    "company_id": cls.union.id,
                    "amount": 1_000_000,
                    "date_from": "2020-01-01",
                }
                for name in ("SOS Faim 2017", "FIDA 2024")
            ]
        )
        bank = cls.nio.with_user(cls.accountant)._kondo_create_bank_account("BNDA Niono", "ML016 020").sudo()
        for line in cls.lines:
            line.with_user(cls.accountant).receive(bank.id, 800_000, "Virement")
        cls.sectors = cls.env["kondo.loan.sector"].search([], limit=2)

    def setUp(self):
        super().setUp()
        self.day = self.nio.business_date
        woman = self.make_member(name="TRAORÉ Awa", birth_date="1987-07-01")
        man = self.make_member(name="COULIBALY Bou", sex="male", birth_date="2003-02-01")
        group = self.make_member(name="Benkadi", member_kind="group", sex=False)
        shared = [
            (0, 0, {"line_id": self.lines[0].id, "percent": 33}),
            (0, 0, {"line_id": self.lines[1].id, "percent": 33}),
        ]
        self.monthly_loan = self.running(member=woman, amount=120_001, sector_id=self.sectors[0].id, funding_ids=shared)
        self.other = self.running(member=man, amount=100_000, sector_id=self.sectors[1].id)
        self.harvest = self.running(
            member=group,
            product=self.campaign,
            amount=200_000,
            instalments=1,
            every=6,
            funding_ids=[(0, 0, {"line_id": self.lines[0].id, "percent": 100})],
        )
        self.abroad = self.running_at_segou()

    def running_at_segou(self):
        member = self.make_member(name="DIARRA Fanta", caisse=self.seg)
        officer = self.users["SGX"]["officer"]
        loan = self.as_user(officer)["kondo.loan"].create(
            {"partner_id": member.id, "product_id": self.monthly.id, "amount": 70_000, "instalments": 12}
        )
        loan.with_user(self.seg_manager).sudo()._grant(70_000)
        self.env.invalidate_all()
        self.pay_out(loan)
        self.env.invalidate_all()
        return self.env["kondo.loan"].browse(loan.id)

    def stand(self, day, caisse=None):
        """A caisse stands on a later day, its loans with it."""
        caisse = caisse or self.nio
        self.move_day(caisse, day)
        self.env["kondo.loan"]._update_positions(caisse, day)
        self.env.invalidate_all()

    def month_end(self, day):
        """The evening of the last day of a month is photographed; the caisse stands on the day after."""
        self.move_day(self.nio, day)
        self.env["kondo.loan"]._day_end_positions(self.nio, day, day + timedelta(days=1))
        self.env["kondo.snapshot"]._day_end(self.nio, day, day + timedelta(days=1))
        self.stand(day + timedelta(days=1))

    def portfolio(self, user=None):
        return self.as_user(user or self.manager)["kondo.portfolio"]

    def table(self, key, user=None, **filters):
        tables = self.portfolio(user).read_tables(filters)["tables"]
        return next(table for table in tables if table["key"] == key)

    def line(self, table, key):
        return next(row for row in [*table["rows"], table["total"]] if row["key"] == str(key))

    def opened(self, key, row, column, user=None, **filters):
        """The records behind a figure, as the user who clicks reads them."""
        action = self.portfolio(user).open_cell(filters, key, str(row), column)
        return self.as_user(user or self.manager)[action["res_model"]].search(action["domain"])


@tagged("post_install", "-at_install")
class TestPortfolio(PortfolioCase):
    """PAR, ageing, provisions: the same as a loop over the loans, today and on a photographed evening."""

    def parts(self, loan):
        """[(line or nothing, francs)] of a loan, by the ORM."""
        parts = [(share.line_id.id, share.outstanding) for share in loan.funding_ids.sorted("id")]
        own = loan.principal - sum(amount for _line, amount in parts)
        return [*parts, *([(False, own)] if own else [])]

    def dimension(self, loan, by):
        """[(key, francs)] in which a loan counts."""
        member = loan.partner_id
        individual = member.member_kind == "individual"
        if by == "fund":
            return [(str(line or ""), amount) for line, amount in self.parts(loan)]
        key = {
            "product": loan.product_id.id,
            "officer": loan.officer_id.id,
            "caisse": loan.company_id.id,
            "sector": loan.sector_id.id or "",
            "sex": member.sex if individual else member.member_kind,
            "age": age_band(member.birth_date, loan.company_id.business_date) if individual else "none",
        }[by]
        return [(str(key), loan.principal)]

    def expected(self, by, companies):
        """{key: {column: figure}} by a loop over the loans."""
        rows = {}
        for loan in self.env["kondo.loan"].search([("company_id", "in", companies.ids), ("state", "=", "active")]):
            for key, amount in [*self.dimension(loan, by), ("total", loan.principal)]:
                row = rows.setdefault(key, dict.fromkeys(("loans", "principal", *(f"par_{x}" for x in PAR)), 0))
                row["loans"] += 1
                row["principal"] += amount
                for days in PAR:
                    row[f"par_{days}"] += amount if loan.days_late >= days else 0
        return rows

    def assert_table_is(self, expected, table):
        shown = {row["key"]: {name: row["cells"][name] for name in expected["total"]} for row in table["rows"]}
        shown["total"] = {name: table["total"]["cells"][name] for name in expected["total"]}
        self.assertEqual(shown, expected)

    # ------------------------------------------------------------------ portfolio at risk
    def test_every_dimension_agrees_with_a_loop_over_the_loans(self):
        first = min(self.monthly_loan.instalment_ids.mapped("due"))
        self.repay(self.other, 10_000)
        for late in (0, 1, 29, 30, 95, 181):
            self.stand(first + timedelta(days=late))
            for by in self.portfolio()._dimensions():
                table = self.table("quality", by=by)
                self.assert_table_is(self.expected(by, self.nio), table)
                for name in ("principal", "par_30", "needed", "provision", "restructured"):
                    rows = sum(row["cells"][name] for row in table["rows"])
                    self.assertEqual(rows, table["total"]["cells"][name], f"{by} {name}")
        self.assertTrue(table["total"]["cells"]["par_180"])

    def test_par_30_begins_with_the_thirtieth_day(self):
        due = min(self.monthly_loan.instalment_ids.mapped("due"))
        owed = self.monthly_loan.principal + self.other.principal
        whole = owed + self.harvest.principal
        for late, par_1, par_30 in ((0, 0, 0), (1, owed, 0), (29, owed, 0), (30, owed, owed)):
            self.stand(due + timedelta(days=late))
            cells = self.table("quality")["total"]["cells"]
            self.assertEqual((cells["par_1"], cells["par_30"]), (par_1, par_30), late)
        share = self.table("quality")["total"]["shares"]["par_30"]
        self.assertEqual(share, float(percent(owed, whole)))

    def test_a_loan_of_several_lines_is_shared_to_the_franc(self):
        self.assertEqual([amount for _line, amount in self.parts(self.monthly_loan)], [39_600, 39_600, 40_801])
        table = self.table("quality", by="fund")
        cells = {row["label"]: row["cells"] for row in table["rows"]}
        self.assertEqual(cells["SOS Faim 2017"]["principal"], 39_600 + 200_000)
        self.assertEqual(cells["FIDA 2024"]["principal"], 39_600)
        self.assertEqual(cells["Fonds propres" if "Fonds propres" in cells else "Own funds"]["principal"], 140_801)
        self.assertEqual(sum(row["loans"] for row in cells.values()), 5)
        self.assertEqual(table["total"]["cells"]["loans"], 3, "each loan once")
        self.assertEqual(self.opened("quality", self.lines[0].id, "loans", by="fund"), self.monthly_loan | self.harvest)
        self.assertEqual(self.opened("quality", "", "loans", by="fund"), self.monthly_loan | self.other)

    def test_what_follows_the_principal_is_shared_to_the_franc_too(self):
        self.stand(min(self.monthly_loan.instalment_ids.mapped("due")) + relativedelta(months=4))
        self.as_user(self.manager)["kondo.loan"].classify_and_provision(self.nio.id)
        self.env.invalidate_all()
        loan = self.monthly_loan
        self.assertTrue(loan.provision)
        parts = self.parts(loan)
        shares = share_out(loan.provision, [amount for _line, amount in parts])
        table = self.table("quality", by="fund")
        own = self.other.provision
        self.assertEqual(self.line(table, self.lines[0].id)["cells"]["provision"], shares[0])
        self.assertEqual(self.line(table, self.lines[1].id)["cells"]["provision"], shares[1])
        self.assertEqual(self.line(table, "")["cells"]["provision"], shares[2] + own)
        for name in ("needed", "provision"):
            self.assertEqual(sum(row["cells"][name] for row in table["rows"]), table["total"]["cells"][name])
        self.env["kondo.snapshot"]._day_end(
            self.nio, self.nio.business_date, self.nio.business_date + timedelta(days=1)
        )
        rows = self.env["kondo.snapshot.portfolio"].search([("company_id", "=", self.nio.id)])
        loans = loan | self.other | self.harvest
        for name, field in (
            ("late", "amount_late"),
            ("accrued", "accrued"),
            ("provision", "provision"),
            ("principal", "principal"),
        ):
            self.assertEqual(sum(rows.mapped(name)), sum(loans.mapped(field)), name)
        self.assertEqual(sum(rows.mapped("loans")), 3)

    def test_every_figure_opens_its_loans(self):
        self.stand(min(self.monthly_loan.instalment_ids.mapped("due")) + timedelta(days=40))
        for by in ("product", "officer", "caisse", "sector", "sex", "age"):
            table = self.table("quality", by=by)
            for row in [*table["rows"], table["total"]]:
                loans = self.opened("quality", row["key"], "loans", by=by)
                self.assertEqual(
                    (len(loans), sum(loans.mapped("principal"))), (row["cells"]["loans"], row["cells"]["principal"])
                )
                late = self.opened("quality", row["key"], "par_30", by=by)
                self.assertEqual(sum(late.mapped("principal")), row["cells"]["par_30"], (by, row["key"]))
        for row in self.table("ageing")["rows"]:
            loans = self.opened("ageing", row["key"], "late")
            self.assertEqual(sum(loans.mapped("principal")), row["cells"]["principal"] if row["key"] != "0" else 0)

    def test_ages_and_delays_in_sql_are_those_of_the_engine(self):
        births = [
            date(year, month, day) for year in (1960, 1999, 2000, 2008) for month, day in ((2, 28), (7, 1), (12, 31))
        ]
        births.append(date(2000, 2, 29))
        partners = self.env["res.partner"].create(
            [
                {
                    "name": str(birth),
                    "is_kondo_member": True,
                    "member_kind": "individual",
                    "birth_date": birth,
                    "company_id": self.nio.id,
                }
                for birth in births
            ]
        )
        self.env.flush_all()
        for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 7, 1), date(2035, 12, 31)):
            self.env.cr.execute(
                SQL(
                    "SELECT %s FROM res_partner p WHERE id IN %s ORDER BY id",
                    age_sql(SQL("p"), SQL("%s::date", day)),
                    tuple(partners.ids),
                )
            )
            self.assertEqual([band for (band,) in self.env.cr.fetchall()], [age_band(birth, day) for birth in births])
        days = list(range(0, 400))
        self.env.cr.execute(SQL("SELECT %s FROM unnest(%s::int[]) AS d(late)", bucket_sql(SQL("d.late")), days))
        self.assertEqual([found for (found,) in self.env.cr.fetchall()], [bucket(late) for late in days])
        self.assertIn("none", dict(AGES))

    # ------------------------------------------------------------------ provisions
    def test_provisions_needed_are_those_of_each_loan(self):
        member = self.make_member(name="KONÉ Issa", sex="male")
        guarantee = self.make_account(member, product=self.guarantee_product, balance=20_000)
        secured = self.running(
            member=member,
            product=self.loan_product(code="PEN", guarantee_percent=20),
            guarantee_account_id=guarantee.id,
            guarantee_savings=20_000,
        )
        self.assertEqual(secured.deposits_held, 20_000)
        first = min(secured.instalment_ids.mapped("due"))
        for months in (4, 7, 13):
            self.stand(first + relativedelta(months=months, days=1))
            self.as_user(self.manager)["kondo.loan"].classify_and_provision(self.nio.id)
            self.repay(self.other, 15_000)  # the books lag behind what is needed
            self.env.invalidate_all()
            loans = self.env["kondo.loan"].search([("company_id", "=", self.nio.id), ("state", "=", "active")])
            rate = self.env["kondo.parameter"]._get
            needed = {
                loan: provision_needed(loan.principal, loan.deposits_held, rate(f"loan_provision_{loan.stage}", day))
                if loan.stage in RISING
                else 0
                for loan in loans
                for day in [loan.company_id.business_date]
            }
            self.assertTrue(needed[secured])
            table = self.table("provisions")
            for stage in set(loans.mapped("stage")):
                cells = self.line(table, stage)["cells"]
                mine = loans.filtered(lambda loan, stage=stage: loan.stage == stage)
                self.assertEqual(cells["needed"], sum(needed[loan] for loan in mine))
                self.assertEqual(cells["provision"], sum(mine.mapped("provision")))
                self.assertEqual(self.opened("provisions", stage, "principal"), mine)
            self.assertEqual(self.opened("provisions", "total", "gap"), self.other)
            self.assertEqual(table["total"]["cells"]["gap"], needed[self.other] - self.other.provision)

    # ------------------------------------------------------------------ photographs
    def test_a_past_evening_is_read_from_its_photograph(self):
        first = min(self.monthly_loan.instalment_ids.mapped("due"))
        evening = first.replace(day=1) + relativedelta(months=2, days=-1)
        self.month_end(evening)
        then = {by: self.table("quality", by=by) for by in self.portfolio()._dimensions()}
        lines = self.portfolio()._ageing_lines(self.portfolio()._read({}))
        self.assertTrue(then["product"]["total"]["cells"]["par_1"])
        # later something is paid, changed hands, fell later
        self.repay(self.other, 40_000)
        self.other.sudo().write({"officer_id": self.manager.id})
        self.stand(evening + timedelta(days=60))
        past = str(evening)
        for by, table in then.items():
            if by != "age":  # read on the evening itself
                self.assertEqual(self.table("quality", by=by, day=past)["rows"], table["rows"], by)
        self.assertNotEqual(self.table("quality")["rows"], then["product"]["rows"])
        again = self.portfolio()._ageing_lines(self.portfolio()._read({"day": past}))
        shown = ("number", "days", "late", "principal", "class")
        self.assertEqual([[line[x] for x in shown] for line in again], [[line[x] for x in shown] for line in lines])
        opened = self.opened("quality", self.monthly.id, "par_1", day=past)
        self.assertEqual(opened._name, "kondo.snapshot.loan")
        self.assertEqual(opened.loan_id, self.monthly_loan | self.other)
        self.assertEqual(sum(opened.mapped("principal")), self.line(then["product"], self.monthly.id)["cells"]["par_1"])
        fund = self.opened("quality", self.lines[0].id, "loans", by="fund", day=past)
        self.assertEqual(fund.loan_id, self.monthly_loan | self.harvest)

    def test_on_another_evening_no_list_is_shown_rather_than_a_wrong_one(self):
        self.env["kondo.snapshot"]._day_end(self.nio, self.day, self.day + timedelta(days=1))
        self.stand(self.day + timedelta(days=5))
        past = str(self.day + timedelta(days=2))
        found = self.portfolio().read_tables({"day": past})
        table = next(table for table in found["tables"] if table["key"] == "quality")
        self.assertEqual((table["total"]["cells"]["loans"], table["total"]["opens"]), (3, []))
        self.assertEqual(len(found["notes"]), 2, "which evening, and where loans are kept")
        with self.assertRaisesRegex(UserError, "month end|fin de mois"):
            self.opened("quality", "total", "loans", day=past)
        with self.assertRaises(UserError):
            self.opened("ageing", "late", "late", day=past)
        before = str(self.day - timedelta(days=9))
        self.assertIsNone(self.table("quality", day=before)["total"], "no figures were kept")

    # ------------------------------------------------------------------ the ageing list
    def test_the_ageing_list_has_one_row_for_each_loan_in_arrears(self):
        self.monthly_loan.partner_id.phone = "76 12 34 56"
        self.stand(min(self.monthly_loan.instalment_ids.mapped("due")) + timedelta(days=31))
        rows = self.as_user(self.manager)["kondo.loan.arrears"].search([("company_id", "=", self.nio.id)])
        self.assertEqual(rows.loan_id, self.monthly_loan | self.other)
        row = rows.filtered(lambda row: row.loan_id == self.monthly_loan)
        self.assertEqual(
            (row.days_late, row.late, row.principal, row.bucket, row.phone, row.partner_id, row.next_due),
            (
                31,
                self.monthly_loan.amount_late,
                120_001,
                "30",
                "76 12 34 56",
                self.monthly_loan.partner_id,
                self.monthly_loan.next_due,
            ),
        )
        self.assertEqual(row.action_open_loan()["res_id"], self.monthly_loan.id)
        grouped = rows._read_group([("id", "in", rows.ids)], ["bucket"], ["principal:sum", "__count"])
        self.assertEqual(grouped, [("30", 220_001, 2)])
        self.assertEqual(self.opened("ageing", "late", "late"), rows)


@tagged("post_install", "-at_install")
class TestPortfolioMoves(PortfolioCase):
    """What happens between two days: roll rates, the recovery of a campaign, losses; who may see it; prints."""

    def photographed(self, day):
        rows = self.env["kondo.snapshot.loan"].search([("company_id", "=", self.nio.id), ("date", "=", day)])
        return {row.loan_id: (row.bucket, row.principal) for row in rows}

    # ------------------------------------------------------------------ roll rates
    def test_roll_rates_follow_each_loan_from_a_month_end_to_the_next(self):
        first, second = date(2026, 2, 28), date(2026, 3, 31)
        self.month_end(first)
        late = self.other.principal
        self.repay(self.other, sum(due.total for due in self.other._dues() if due.due <= self.nio.business_date))
        new = self.running(member=self.make_member(name="SISSOKO Oumou"), amount=50_000)
        self.month_end(second)
        before, after = self.photographed(first), self.photographed(second)
        table = self.table("roll", day=str(second))
        for key in {*(place for place, _amount in before.values()), "new"}:
            row = self.line(table, key)
            for column in row["cells"]:
                mine = [
                    (loan, before.get(loan, after.get(loan))[1])
                    for loan in {*before, *after}
                    if before.get(loan, ("new",))[0] == key and column in (after.get(loan, ("repaid",))[0], "all")
                ]
                self.assertEqual(row["counts"][column], len(mine), (key, column))
                self.assertEqual(row["cells"][column], sum(amount for _loan, amount in mine), (key, column))
                if mine:
                    opened = self.opened("roll", key, column, day=str(second))
                    self.assertEqual(opened.loan_id, self.env["kondo.loan"].union(*(loan for loan, _amount in mine)))
                    self.assertEqual(sum(opened.mapped("principal")), row["cells"][column])
        self.assertEqual(before[self.other], ("1", late))
        self.assertEqual(self.line(table, "new")["cells"]["0"], new.principal)
        self.assertEqual(table["total"]["counts"]["all"], 4)

    def test_roll_rates_to_today_know_the_repaid_and_the_written_off(self):
        self.month_end(date(2026, 2, 28))
        owed = self.other._dues()
        self.repay(self.other, sum(due.total for due in owed))
        self.env.invalidate_all()
        self.assertEqual(self.other.state, "closed")
        table = self.table("roll")
        self.assertEqual(table["total"]["counts"]["repaid"], 1)
        self.assertEqual(self.opened("roll", "total", "repaid").loan_id, self.other)
        self.env.cr.execute(
            "UPDATE kondo_loan SET state = 'written_off', written_off_on = %s WHERE id = %s",
            (self.nio.business_date, self.other.id),
        )
        table = self.table("roll")
        self.assertEqual((table["total"]["counts"]["repaid"], table["total"]["counts"]["written_off"]), (0, 1))
        self.env.cr.execute(
            "UPDATE kondo_loan SET state = 'closed', written_off_on = NULL WHERE id = %s", (self.other.id,)
        )
        self.env.invalidate_all()

    def test_without_a_month_end_before_there_are_no_roll_rates(self):
        table = self.table("roll")
        self.assertEqual((table["rows"], table["total"]), ([], None))
        self.assertTrue(table["note"])

    # ------------------------------------------------------------------ campaigns
    def campaign_loans(self):
        """Three loans of the campaign due the same day; each owes 200 000 F and its interest."""
        loans = [self.harvest]
        for name in ("SANOGO Ali", "DEMBÉLÉ Sira"):
            member = self.make_member(name=name)
            loans.append(self.running(member=member, product=self.campaign, amount=200_000, instalments=1, every=6))
        self.assertEqual({len(loan.instalment_ids) for loan in loans}, {1})
        return loans, loans[0].instalment_ids.due, sum(due.total for due in loans[0]._dues())

    def put_off(self, loan):
        """The loan falls due a year later, by two people."""
        change = self.as_user(self.officer)["kondo.loan.change"].create(
            {"loan_id": loan.id, "kind": "postponed", "months": 12, "reason": "Pluies"}
        )
        change.with_user(self.manager).action_approve()
        self.env.invalidate_all()
        self.assertTrue(loan.restructured)

    def campaign_row(self, row="total", **filters):
        table = self.table("campaign", due_from="2026-06-01", due_to="2026-08-31", **filters)
        return self.line(table, row)

    def test_a_campaign_is_followed_by_what_was_paid_by_the_due_date_and_after(self):
        loans, due, owed = self.campaign_loans()
        self.stand(due - timedelta(days=10))
        self.repay(loans[0], 50_000)
        cells = self.campaign_row()["cells"]
        self.assertEqual((cells["asked"], cells["reached_0"], cells["paid_0"]), (3 * owed, 0, 0))
        self.stand(due)
        self.repay(loans[0], 30_000)
        taken_back = self.repay(loans[1], 20_000)
        values = {"operation_id": taken_back["operation_id"], "reason": "Erreur de compte"}
        self.as_user(self.manager)["kondo.operation"].submit("reversal", self.new_key(), values)
        self.stand(due + timedelta(days=30))
        self.repay(loans[1], 60_000)
        self.stand(due + timedelta(days=31))
        self.repay(loans[2], 70_000)
        row = self.campaign_row()
        self.assertEqual({name: row["cells"][name] for name in ("paid_0", "paid_30", "paid_60", "paid", "left")},
                         {"paid_0": 80_000, "paid_30": 140_000, "paid_60": 0, "paid": 210_000, "left": 3 * owed - 210_000})  # fmt: skip
        self.assertEqual(row["shares"]["paid_0"], float(percent(80_000, 3 * owed)))
        self.assertIsNone(row["shares"]["paid_60"], "nothing has reached 60 days")
        self.stand(due + timedelta(days=61))
        self.assertEqual([self.campaign_row()["cells"][f"paid_{days}"] for days in POINTS], [80_000, 140_000, 210_000])
        every = self.env["kondo.loan"].union(*loans)
        filters = {"due_from": "2026-06-01", "due_to": "2026-08-31"}
        self.assertEqual(self.opened("campaign", self.campaign.id, "left", **filters), every)
        self.assertEqual(self.opened("campaign", "total", "paid_0", **filters), loans[0])
        # monthly loans are in when asked for
        self.assertEqual(self.campaign_row(in_fine=False, campaign_by="product")["cells"]["loans"], 5)
        months = self.table("campaign", campaign_by="month", in_fine=False, **filters)
        self.assertEqual([row["key"] for row in months["rows"]], ["2026-06", "2026-07", "2026-08"])

    def test_rescheduling_hides_nothing_of_a_campaign(self):
        loans, due, owed = self.campaign_loans()
        # put off before it falls due, 40 000 F already paid: only these were due in the period
        self.stand(due - timedelta(days=20))
        self.repay(loans[2], 40_000)
        self.put_off(loans[2])
        self.stand(due + timedelta(days=15))
        self.repay(loans[1], owed)
        # put off after it fell due: it was due and is not paid
        self.put_off(loans[0])
        cells = self.campaign_row()["cells"]
        self.assertEqual((cells["reached_0"], cells["paid"], cells["left"]), (2 * owed + 40_000, owed + 40_000, owed))
        quality = self.table("quality")["total"]["cells"]
        put_off = loans[0] | loans[2]
        self.assertEqual(quality["restructured"], sum(put_off.mapped("principal")))
        self.assertEqual(self.opened("quality", "total", "restructured"), put_off)

    # ------------------------------------------------------------------ losses
    def test_the_loss_rate_is_over_the_average_outstanding(self):
        self.month_end(date(2026, 1, 31))
        start = sum(principal for _bucket, principal in self.photographed(date(2026, 1, 31)).values())
        self.env.cr.execute(
            """UPDATE kondo_loan SET state = 'written_off', written_off_on = '2026-02-10', lost = principal WHERE id = %s""",
            (self.other.id,),
        )
        self.stand(date(2026, 3, 2))
        now = self.monthly_loan.principal + self.harvest.principal
        cells = self.table("losses", loss_from="2026-02-01")["total"]["cells"]
        mean = (start + now + 1) // 2
        self.assertEqual((cells["lost"], cells["loans"], cells["average"]), (100_000, 1, mean))
        self.assertEqual(cells["rate"], float(percent(100_000, mean)))
        self.assertEqual(self.opened("losses", self.nio.id, "lost", loss_from="2026-02-01"), self.other)
        self.assertEqual(self.table("losses", loss_from="2026-02-11")["total"]["cells"]["lost"], 0)
        self.env.cr.execute(
            "UPDATE kondo_loan SET state = 'active', lost = 0, written_off_on = NULL WHERE id = %s", (self.other.id,)
        )
        self.env.invalidate_all()

    # ------------------------------------------------------------------ rights
    def test_nobody_sees_another_caisse(self):
        self.stand(date(2026, 3, 2))
        self.env["kondo.snapshot"]._day_end(self.nio, self.day, self.day + timedelta(days=40))
        self.env.invalidate_all()
        found = self.portfolio(self.seg_manager).read_tables({"by": "caisse"})
        self.assertEqual([company["id"] for company in found["choices"]["companies"]], [self.seg.id])
        for table in found["tables"]:
            for row in [*table["rows"], *([table["total"]] if table["total"] else [])]:
                self.assertLessEqual(row["cells"].get("loans") or 0, 1)
                self.assertNotIn(row["label"], (self.nio.name,))
        self.assertEqual(self.opened("quality", "total", "loans", self.seg_manager), self.abroad)
        for ask in (
            lambda: self.portfolio(self.seg_manager).read_tables({"company_id": self.nio.id}),
            lambda: self.portfolio(self.seg_manager).open_cell(
                {"company_id": self.nio.id}, "quality", "total", "loans"
            ),
            lambda: self.portfolio(self.seg_manager).print_tables({"company_id": self.nio.id}, "xlsx"),
        ):
            with self.assertRaises(UserError):
                ask()
        for by, row in (("caisse", self.nio.id), ("officer", self.officer.id)):
            self.assertFalse(self.opened("quality", row, "loans", self.seg_manager, by=by))
        for model in ("kondo.loan.arrears", "kondo.snapshot.loan", "kondo.snapshot.funding"):
            self.assertTrue(self.env[model].search_count([("company_id", "=", self.nio.id)]), model)
            seen = self.as_user(self.seg_manager)[model].search([]).company_id
            self.assertLessEqual(seen, self.seg, model)
        everything = self.portfolio(self.network_manager).with_context(
            allowed_company_ids=(self.union + self.nio + self.seg).ids
        )
        total = next(t for t in everything.read_tables({})["tables"] if t["key"] == "quality")["total"]
        self.assertEqual(total["cells"]["loans"], 4)
        alone = next(t for t in everything.read_tables({"company_id": self.seg.id})["tables"] if t["key"] == "quality")
        self.assertEqual(alone["total"]["cells"]["loans"], 1)

    def test_a_teller_has_no_portfolio_and_what_is_not_readable_is_refused(self):
        teller = self.users["NIX"]["teller"]
        for call in (
            lambda: self.portfolio(teller).read_tables({}),
            lambda: self.portfolio(teller).open_cell({}, "quality", "total", "loans"),
            lambda: self.portfolio(teller).print_tables({}, "pdf"),
        ):
            with self.assertRaises(UserError):
                call()
        with self.assertRaises(AccessError):
            self.as_user(teller)["kondo.portfolio.print"].create({"filters": {}})
        for filters in (
            {"day": "hier"},
            {"by": "password"},
            {"company_id": "1 OR 1=1"},
            {"due_from": "2026-09-01", "due_to": "2026-08-01"},
            [1],
        ):
            with self.assertRaises(UserError):
                self.portfolio().read_tables(filters)
        for table, row, column in (
            ("nothing", "total", "loans"), ("quality", "1 OR 1=1", "loans"), ("quality", "total", "amount"),
            ("roll", "x", "0"), ("campaign", "total", "x"), ("losses", "total", "average"), ("quality", 1, "loans"),
        ):  # fmt: skip
            with self.assertRaises(UserError):
                self.portfolio().open_cell({}, table, row, column)
        for role in ("officer", "manager", "accountant"):
            self.assertEqual(self.table("quality", self.users["NIX"][role])["total"]["cells"]["loans"], 3)

    def test_a_print_is_read_by_who_made_it_only(self):
        action = self.portfolio().print_tables({"by": "fund"}, "pdf")
        paper = self.env["kondo.portfolio.print"].browse(action["context"]["active_ids"])
        self.assertEqual(paper.filters["by"], "fund")
        with self.assertRaises(AccessError):
            paper.with_user(self.users["NIX"]["accountant"])._asked()

    # ------------------------------------------------------------------ prints
    def test_the_spreadsheet_says_what_the_screen_says(self):
        self.month_end(date(2026, 2, 28))
        self.stand(date(2026, 3, 20))
        action = self.portfolio().print_tables({"by": "fund"}, "xlsx")
        reports = self.as_user(self.manager)["ir.actions.report"]
        content, kind = reports._render_xlsx(
            "kondo_microfinance.portfolio_xlsx", action["context"]["active_ids"], data={}
        )
        self.assertEqual(kind, "xlsx")
        book = openpyxl.load_workbook(io.BytesIO(content))
        tables = self.portfolio().read_tables({"by": "fund"})["tables"]
        self.assertEqual(len(book.sheetnames), len(tables) + 1)
        for sheet, table in zip(book.worksheets, tables, strict=False):
            values = list(sheet.values)
            head = next(i for i, row in enumerate(values) if row[0] == table["heading"])
            body = [row for row in values[head + 1 :] if row[0]]
            lines = [*table["rows"], *([table["total"]] if table["total"] else [])]
            self.assertEqual([row[0] for row in body], [row["label"] for row in lines])
            column = values[head].index(table["columns"][1]["label"])
            name = table["columns"][1]["name"]
            self.assertEqual([row[column] for row in body], [row["cells"][name] for row in lines])
        ageing = list(book.worksheets[-1].values)
        self.assertEqual(ageing[-1][9], self.monthly_loan.principal + self.other.principal)

    def test_the_paper_has_every_table_and_every_loan_in_arrears(self):
        self.stand(date(2026, 3, 20))
        action = self.portfolio().print_tables({}, "pdf")
        reports = self.as_user(self.manager)["ir.actions.report"]
        paper = reports._render_qweb_html("kondo_microfinance.report_portfolio", action["context"]["active_ids"])[0]
        html = unescape(paper.decode())
        for table in self.portfolio().read_tables({})["tables"]:
            self.assertIn(table["title"], html)
        for loan in (self.monthly_loan, self.other):
            self.assertIn(loan.name, html)
        self.assertIn(self.nio.name, html)
        self.assertNotIn(self.abroad.name, html)


@tagged("post_install", "-at_install")
class TestPortfolioScreen(LoanFixture, KondoHttpCase):
    @classmethod
    def business_date(cls):
        return date(2026, 1, 5)

    def test_the_manager_reads_the_portfolio(self):
        loan = self.running(member=self.make_member(birth_date="1987-07-01", phone="76 12 34 56"))
        day = min(loan.instalment_ids.mapped("due")) + timedelta(days=40)
        self.move_day(self.nio, day)
        self.env["kondo.loan"]._update_positions(self.nio, day)
        self.env.flush_all()
        self.start_tour("/odoo/kondo-portefeuille", "kondo_manager_reads_the_portfolio", login=self.manager.login)
