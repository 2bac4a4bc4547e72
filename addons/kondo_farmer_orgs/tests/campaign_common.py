"""A cotton campaign of two organisations of Niono, for the tests of campaigns and of the marketing."""

import base64
import io
from datetime import timedelta

import openpyxl
from dateutil.relativedelta import relativedelta

from .common import OrgCase


class CampaignFixture:
    """Mixin: `self.campaign` in its first phase, two organisations with people, a supplier with two inputs."""

    @classmethod
    def build_network(cls):
        super().build_network()
        env, union, nio = cls.env, cls.union, cls.nio
        cls.teller = cls.users["NIX"]["teller"]
        cls.accountant = cls.users["NIX"]["accountant"]
        cls.bank = nio.with_user(cls.accountant)._kondo_create_bank_account("BNDA Niono", "ML016 020").sudo()
        cls.product = cls.loan_product(
            name="Crédit campagne", code="CAM", amortization="in_fine", annual_rate=12, instalments=1,
            minimum_instalments=1,
        )  # fmt: skip
        cls.day = nio.business_date
        cls.campaign = env["kondo.campaign"].create(
            {
                "name": "Coton 2026-2027",
                "company_id": union.id,
                "crop_id": cls.cotton.id,
                "zone_id": cls.zone.id,
                "date_from": cls.day - timedelta(days=30),
                "committee_on": cls.day,
                "vouchers_on": cls.day,
                "harvest_on": cls.day + relativedelta(months=4),
                "marketing_on": cls.day + relativedelta(months=6),
                "grace_days": 15,
                "loan_product_id": cls.product.id,
                "expected_yield": 1_000,
                "expected_price": 300,
            }
        )
        cls.urea, cls.npk = env["kondo.input.product"].create(
            [
                {"name": "Urée", "unit": "sac de 50 kg", "company_id": union.id},
                {"name": "Complexe coton", "unit": "sac de 50 kg", "company_id": union.id},
            ]
        )
        cls.benkadi = cls.make_farmers("SCPC Benkadi", 12)
        cls.sigui = cls.make_farmers("SCPC Sigui", 6)

    @classmethod
    def make_farmers(cls, name, hectares):
        """An organisation with an account and two people."""
        self = cls()
        organisation = self.make_organisation(
            name, people=[(f"{name} Awa", "female"), (f"{name} Moussa", "male")], org_hectares=hectares
        )
        self.make_account(organisation, product=cls.demand)
        return organisation

    # ------------------------------------------------------------------ steps
    def go_to(self, phase):
        campaign = self.campaign.with_user(self.network_manager)
        while campaign.state != phase:
            campaign.action_next_phase()

    def enter_needs(self, organisation, urea, npk, cash):
        return self.as_user(self.officer)["kondo.campaign.need"].create(
            {
                "campaign_id": self.campaign.id,
                "partner_id": organisation.id,
                "cash_asked": cash,
                "input_ids": [
                    (0, 0, {"product_id": self.urea.id, "quantity": urea, "price": 12_000}),
                    (0, 0, {"product_id": self.npk.id, "quantity": npk, "price": 15_000}),
                ],
            }
        )

    def request_loans(self):
        self.campaign.with_env(self.as_user(self.officer)).action_request_loans()
        self.env.invalidate_all()
        return self.campaign.loan_ids.sorted("id")

    def make_supply(self):
        """The agreement with the supplier, and the quotas that the organisations asked for."""
        partner = self.env["res.partner"].create({"name": "Toguna Agro", "is_company": True})
        supplier = self.as_user(self.manager)["kondo.input.supplier"].create({"partner_id": partner.id})
        supply = self.as_user(self.officer)["kondo.input.supply"].create(
            {
                "name": "Convention 2026/07",
                "supplier_id": supplier.id,
                "campaign_id": self.campaign.id,
                "item_ids": [
                    (0, 0, {"product_id": self.urea.id, "price": 12_000}),
                    (0, 0, {"product_id": self.npk.id, "price": 15_000}),
                ],
            }
        )
        supply.action_quotas_from_needs()
        return supply

    def issue(self, supply, organisation, product, quantity, person=None):
        item = supply.item_ids.filtered(lambda one: one.product_id == product)
        return self.as_user(self.officer)["kondo.input.voucher"].create(
            {
                "supply_id": supply.id,
                "organisation_id": organisation.id,
                "person_id": person.id if person else False,
                "item_id": item.id,
                "quantity": quantity,
            }
        )

    def deliver(self, supply, organisation, quantities, **values):
        """A note typed by the officer: {voucher: quantity}."""
        return self.as_user(self.officer)["kondo.input.delivery"].create(
            {
                "supply_id": supply.id,
                "organisation_id": organisation.id,
                "received_by": "Le magasinier",
                "line_ids": [
                    (0, 0, {"voucher_id": voucher.id, "quantity": quantity}) for voucher, quantity in quantities.items()
                ],
                **values,
            }
        )

    def confirm(self, delivery, user=None):
        answer = delivery.with_env(self.as_user(user or self.teller)).action_confirm()
        self.env.invalidate_all()
        return answer

    def account_of(self, member):
        return self.env["kondo.savings.account"].search([("partner_id", "=", member.id)], limit=1)

    def owed_in_books(self):
        """Francs that the caisse owes suppliers, in the general ledger."""
        account = self.union.input_account_id
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT COALESCE(-sum(balance), 0) FROM account_move_line"
            " WHERE account_id = %s AND company_id = %s AND parent_state = 'posted'",
            (account.id or 0, self.nio.id),
        )
        return int(self.env.cr.fetchone()[0])

    # ------------------------------------------------------------------ the buyer's list
    def sheet_file(self, rows, price=300):
        """The XLSX of a buyer: (organisation, name, kg, debt kept) of each row."""
        book = openpyxl.Workbook()
        book.active.append(["OP", "Nom", "Poids net (kg)", "Prix", "Brut", "Retenue", "Net à payer"])
        for organisation, name, kg, debt in rows:
            book.active.append([organisation, name, kg, price, kg * price, debt, kg * price - debt])
        stream = io.BytesIO()
        book.save(stream)
        return base64.b64encode(stream.getvalue())

    def make_sheet(self, rows, **values):
        """A list entered by the officer with the totals of the paper."""
        buyer = self.env["res.partner"].create({"name": "CMDT Niono", "is_company": True})
        gross = sum(300 * kg for _organisation, _name, kg, _debt in rows)
        return self.as_user(self.officer)["kondo.marketing.sheet"].create(
            {
                "campaign_id": self.campaign.id,
                "buyer_id": buyer.id,
                "reference": "L-118",
                "journal_id": self.bank.id,
                "file": self.sheet_file(rows),
                "file_name": "liste.xlsx",
                "control_count": len(rows),
                "control_kg": sum(kg for _organisation, _name, kg, _debt in rows),
                "control_gross": gross,
                "control_net": gross - sum(debt for _organisation, _name, _kg, debt in rows),
                **values,
            }
        )

    def bank_balance(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT COALESCE(sum(balance), 0) FROM account_move_line WHERE account_id = %s AND parent_state = 'posted'",
            (self.bank.default_account_id.id,),
        )
        return int(self.env.cr.fetchone()[0])

    def board_of(self, campaign, user=None):
        """The sums of the board of a campaign."""
        board = self.as_user(user or self.officer)["kondo.campaign.board"]
        names = ["area", "organisations", "outstanding", "proceeds", "fallen", "paid_0", "due"]
        sums = board._read_group([("campaign_id", "=", campaign.id)], [], [f"{name}:sum" for name in names])[0]
        return dict(zip(names, sums, strict=True))


class CampaignCase(CampaignFixture, OrgCase):
    """A test of a campaign, at whose end the books agree."""
