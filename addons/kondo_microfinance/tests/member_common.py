"""A union, two caisses and their staff, without journals nor tills: enough ground for members' files."""

from odoo import fields
from odoo.tests import TransactionCase, new_test_user


class MemberCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US", "tz": "Africa/Bamako"})
        companies = cls.env["res.company"]
        cls.union = companies.create({"name": "Union Membres", "kondo_kind": "union", "kondo_code": "UXM"})
        cls.nio = cls.make_caisse("Caisse de Niono", "NIM")
        cls.seg = cls.make_caisse("Caisse de Ségou", "SGM")
        cls.env.user.company_ids += cls.union + cls.nio + cls.seg
        cls.village = cls.env["kondo.village"].create({"name": "Molodo des essais"})
        cls.teller = cls.make_user("mem_teller", "group_teller", cls.nio)
        cls.officer = cls.make_user("mem_officer", "group_loan_officer", cls.nio)
        cls.manager = cls.make_user("mem_manager", "group_caisse_manager", cls.nio)
        cls.manager2 = cls.make_user("mem_manager2", "group_caisse_manager", cls.nio)
        cls.accountant = cls.make_user("mem_accountant", "group_accountant", cls.nio)
        cls.seg_teller = cls.make_user("mem_teller_seg", "group_teller", cls.seg)
        cls.seg_manager = cls.make_user("mem_manager_seg", "group_caisse_manager", cls.seg)
        cls.controller = cls.make_user("mem_controller", "group_controller", cls.union, cls.union + cls.nio + cls.seg)
        cls.unionist = cls.make_user("mem_union", "group_controller", cls.union)

    @classmethod
    def make_caisse(cls, name, code):
        return cls.env["res.company"].create(
            {"name": name, "kondo_kind": "caisse", "kondo_code": code, "parent_id": cls.union.id}
        )

    @classmethod
    def make_user(cls, login, group, company, companies=None):
        return new_test_user(
            cls.env,
            login=login,
            groups=f"kondo_microfinance.{group}",
            company_id=company.id,
            company_ids=[(6, 0, (companies or company).ids)],
        )

    def members_as(self, user, companies=None):
        """The members' model as that user has it, in his own company or in those given."""
        companies = companies or user.company_id
        return self.env(user=user, context={**self.env.context, "allowed_company_ids": companies.ids})["res.partner"]

    def make_member(self, name="TRAORÉ Awa", caisse=None, active=True, **values):
        caisse = caisse or self.nio
        member = (
            self.env["res.partner"]
            .with_company(caisse)
            .create(
                {
                    "name": name,
                    "is_kondo_member": True,
                    "company_id": caisse.id,
                    "sex": "female",
                    "birth_date": "1987-07-01",
                    "birth_precision": "year",
                    "village_id": self.village.id,
                    **values,
                }
            )
        )
        if active:
            member._kondo_activate()
        return member

    def years_ago(self, years, days=0):
        """The day `years` years before today, moved by `days`."""
        return fields.Date.add(fields.Date.subtract(fields.Date.context_today(self.village), years=years), days=days)
