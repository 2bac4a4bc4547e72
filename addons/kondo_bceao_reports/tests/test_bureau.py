import base64
import csv
import hashlib
import io
from datetime import date, timedelta

import openpyxl
import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.kondo_microfinance.tests.loan_common import LoanCase


@tagged("post_install", "-at_install")
class TestCreditBureau(LoanCase):
    """The file of January for the credit bureau: who consented, what of the loans, and never a deposit."""

    @classmethod
    def business_date(cls):
        return date(2026, 1, 5)

    def setUp(self):
        super().setUp()
        self.day = self.nio.business_date
        self.accountant = self.users["NIX"]["accountant"]
        self.last = date(2026, 1, 31)

    def month_end(self, day):
        self.move_day(self.nio, day)
        self.env["kondo.loan"]._day_end_positions(self.nio, day, day + timedelta(days=1))
        self.env["kondo.snapshot"]._day_end(self.nio, day, day + timedelta(days=1))
        self.move_day(self.nio, day + timedelta(days=1))

    def loans_of_january(self):
        """Four borrowers who consented, one of them a cooperative; two who did not, one who took it back."""
        kind = self.env["kondo.collateral.kind"].create({"name": "Charrue", "company_id": self.union.id})
        awa = self.make_member("TRAORÉ Awa", phone="+223 76 11 22 33", birth_date="1987-07-01")
        guarantee = self.make_account(awa, product=self.guarantee_product, balance=77_777)
        self.make_account(awa, balance=654_321)
        self.pledged = self.file(
            member=awa, bureau_consent_on=self.day, guarantee_account_id=guarantee.id, guarantee_savings=20_000,
            collateral_ids=[(0, 0, {"kind_id": kind.id, "name": "Charrue et deux bœufs", "value": 250_000})],
        )  # fmt: skip
        self.pledged = self.pay(self.pledged)
        coop = self.make_member("SCOOPS Benkadi", member_kind="legal", sex=False)
        self.coop = self.running(member=coop, amount=300_000, bureau_consent_on=self.day)
        self.repaid = self.running(member=self.make_member("KONÉ Ali", sex="male"), bureau_consent_on=self.day)
        self.repay(self.repaid, self.repaid.early_quote()["total"], early="clear")
        self.silent = self.running(member=self.make_member("DIARRA Fanta"), amount=80_000)
        fled = self.make_member("SIDIBÉ Bou", sex="male")
        self.fled = self.running(member=fled, amount=90_000, bureau_consent_on=self.day)
        self.env.invalidate_all()
        self.consent(fled, "withdrawn")

    def pay(self, loan):
        self.grant(loan)
        self.pay_out(loan)
        self.env.invalidate_all()
        return self.env["kondo.loan"].browse(loan.id)

    def consent(self, member, kind="signed", day=None):
        return self.as_user(self.officer)["kondo.bureau.consent"].create(
            {"partner_id": member.id, "kind": kind, "day": day or self.day}
        )

    def file_of(self, user=None, company=None, **values):
        company = company or self.nio
        return self.as_user(user or self.accountant, company)["kondo.bureau.file"].create(
            {"company_id": company.id, "month": self.last, **values}
        )

    def rows(self, file):
        text = base64.b64decode(file.sudo().csv).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text), delimiter=";")), text

    def test_the_file_of_a_month_from_the_first_loan_to_the_bureaus_answer(self):
        self.loans_of_january()
        file = self.file_of()
        with self.assertRaises(UserError):
            file.action_make()  # the month is not over
        self.month_end(self.last)
        file.action_make()
        listed, text = self.rows(file)
        by_contract = {row["Numéro du contrat"]: row for row in listed}
        self.assertEqual(set(by_contract), {self.pledged.name, self.coop.name, self.repaid.name})
        self.assertEqual(by_contract[self.repaid.name]["Situation"], "Soldé")
        row = by_contract[self.pledged.name]
        self.assertEqual(
            (row["Nature"], row["Sexe"], row["Encours"], row["Jours de retard"], row["Classe"], row["Situation"]),
            ("Personne physique", "F", "100000", "0", "20", "En cours"),
        )
        self.assertEqual((row["Garanties réelles"], row["Valeur des garanties"]), ("Charrue", "250000"))
        due = self.pledged.instalment_ids.sorted("number")[0]
        self.assertEqual(row["Prochaine échéance"], f"{due.due:%d/%m/%Y}")
        self.assertEqual(row["Montant de l'échéance"], str(due.total))
        self.assertEqual(by_contract[self.coop.name]["Nature"], "Personne morale")
        # never a deposit: neither what is saved, nor what is held in guarantee, nor an account
        accounts = self.env["kondo.savings.account"].search([("partner_id", "=", self.pledged.partner_id.id)])
        for secret in ("77777", "654321", ";20000;", *accounts.mapped("number")):
            self.assertNotIn(secret, text)
        self.assertEqual(
            {(line.partner_id.name, line.reason) for line in file.left_out_ids},
            {("DIARRA Fanta", "never"), ("SIDIBÉ Bou", "withdrawn")},
        )
        self.assertEqual((file.left_out, file.members), (2, file.contracts))

        self.check_and_send(file)
        self.replaced(file)

    def check_and_send(self, file):
        """Checked by the accountant, sent by the manager, frozen."""
        with self.assertRaises(UserError):
            file.action_send()
        file.action_check()
        with self.assertRaises(UserError):
            file.action_send()  # the same person
        with self.assertRaises(AccessError):
            file.write({"month": self.last})
        # whoever withdraws his consent meanwhile is not sent
        sender = file.with_env(self.as_user(self.manager))
        gone = self.consent(self.coop.partner_id, "withdrawn", self.day + timedelta(days=1))
        with self.assertRaisesRegex(UserError, "SCOOPS Benkadi"):
            sender.action_send()
        self.consent(self.coop.partner_id, "signed", self.day + timedelta(days=2))
        with self.assertRaises(AccessError):
            gone.unlink()
        sender.action_send()
        self.env.invalidate_all()
        content = base64.b64decode(file.content)
        self.assertEqual((file.state, file.sent_by_id), ("sent", self.manager))
        self.assertEqual(file.fingerprint, hashlib.sha256(content).hexdigest())
        self.assertEqual(base64.b64decode(file.csv), content)
        sender.acknowledge("ACC-2026-01")
        self.assertEqual(file.reference, "ACC-2026-01")
        for action in (
            lambda: file.sudo().write({"replaces_id": False}),
            lambda: file.sudo().unlink(),
            lambda: file.line_ids.sudo().unlink(),
            lambda: file.line_ids[:1].sudo().write({"principal": 0}),
            lambda: file.action_make(),
            lambda: sender.action_send(),
        ):
            with self.assertRaises(UserError):
                action()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.Error), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE kondo_bureau_line SET principal = 0 WHERE file_id = %s", (file.id,))

    def replaced(self, file):
        """A second file of the month says which one it replaces; the union does not send the loans again."""
        second = self.file_of()
        second.action_make()
        with self.assertRaises(UserError):
            second.action_check()
        second.replaces_id = file
        second.action_check()
        second.with_env(self.as_user(self.manager)).action_send()
        self.env.invalidate_all()
        self.assertEqual((file.state, file.replaced_by_id, second.state), ("replaced", second, "sent"))
        with self.assertRaises(UserError):
            third = self.file_of()
            third.replaces_id = file
            third.action_make()
            third.action_check()
        self.month_of_segou()
        network = self.file_of(self.network_manager, self.union)
        network.action_make()
        with self.assertRaises(UserError):
            network.action_check()
        with self.assertRaises(ValidationError):
            self.file_of(month=date(2026, 2, 15))

        content, _kind = second.env["ir.actions.report"]._render_xlsx(
            "kondo_bceao_reports.bureau_xlsx", second.ids, data={}
        )
        book = openpyxl.load_workbook(io.BytesIO(content))
        sheet, left = (list(one.values) for one in book.worksheets)
        self.assertEqual(len(sheet) - 1, second.contracts)
        self.assertEqual({row[2] for row in left[1:]}, {"DIARRA Fanta", "SIDIBÉ Bou"})
        # roles: the teller and the officer do not read it, another caisse neither
        for role in ("teller", "officer"):
            with self.assertRaises(AccessError):
                self.as_user(self.users["NIX"][role])["kondo.bureau.file"].search([])
        self.assertFalse(self.as_user(self.users["SGX"]["manager"])["kondo.bureau.line"].search([]))
        self.assertFalse(self.as_user(self.users["SGX"]["manager"])["kondo.bureau.consent"].search([]))

    def month_of_segou(self):
        self.move_day(self.seg, self.last)
        member = self.make_member("KEÏTA Sira", caisse=self.seg)
        loan = self.as_user(self.users["SGX"]["officer"])["kondo.loan"].create(
            {
                "partner_id": member.id,
                "product_id": self.monthly.id,
                "amount": 70_000,
                "instalments": 12,
                "bureau_consent_on": self.day,
            }
        )
        loan.with_user(self.users["SGX"]["manager"]).sudo()._grant(70_000)
        self.env.invalidate_all()
        self.pay_out(loan)
        self.env["kondo.snapshot"]._day_end(self.seg, self.last, self.last + timedelta(days=1))

    def test_a_loan_written_off_is_sent_five_years(self):
        loan = self.running(member=self.make_member("CISSÉ Oumar", sex="male"), bureau_consent_on=self.day)
        self.month_end(self.last)
        self.env.cr.execute(
            """UPDATE kondo_loan SET state = 'written_off', lost = 60000, principal = 0, written_off_on = %s WHERE id = %s""",
            (date(2026, 2, 10), loan.id),
        )
        for month, situation in (
            (self.last, "active"),
            (date(2026, 2, 28), "written_off"),
            (date(2031, 1, 31), "written_off"),
            (date(2031, 2, 28), None),
        ):
            file = self.env["kondo.bureau.file"].new({"company_id": self.nio.id, "month": month})
            evening = self.last if month == self.last else month
            self.env.cr.execute(file._contracts_query(self.nio, {self.nio.id: evening}))
            found = {row["loan_id"]: row for row in self.env.cr.dictfetchall()}
            self.assertEqual(found.get(loan.id, {}).get("situation"), situation, month)
        self.env.cr.execute(
            "UPDATE kondo_loan SET state = 'active', lost = 0, principal = 100000, written_off_on = NULL WHERE id = %s",
            (loan.id,),
        )
        self.env.invalidate_all()
