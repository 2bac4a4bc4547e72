"""Organisations with people behind them, on the small network of the institution's own tests."""

from odoo.addons.kondo_microfinance.tests.loan_common import LoanCase


class OrgFixture:
    """Mixin: crops and a zone of the union, and a way to enter organisations."""

    @classmethod
    def build_network(cls):
        super().build_network()
        crops = cls.env["kondo.crop"].create(
            [
                {"name": "Coton", "company_id": cls.union.id},
                {"name": "Oignon", "company_id": cls.union.id, "measure": "bag"},
            ]
        )
        cls.cotton, cls.onion = crops
        commune = cls.env["kondo.commune"].search([("cercle_id", "!=", False)], limit=1)
        cls.village = cls.env["kondo.village"].create({"name": "Molodo Test", "commune_id": commune.id})
        cls.zone = cls.env["kondo.zone"].create(
            {"name": "Office du Niger", "company_id": cls.union.id, "commune_ids": [(6, 0, commune.ids)]}
        )

    def make_organisation(self, name="SCOOPS Benkadi", people=(), caisse=None, **values):
        """A member of the caisse with a legal form.

        :param people: (name, sex, birth date) of each of its people, who joined on 1 January 2024
        """
        caisse = caisse or self.nio
        organisation = self.make_member(
            name,
            caisse=caisse,
            member_kind="group",
            sex=False,
            org_form="scoops",
            org_zone_id=self.zone.id,
            village_id=self.village.id,
            org_crop_ids=[(6, 0, self.cotton.ids)],
            **values,
        )
        for row in people:
            self.add_person(organisation, *row)
        return organisation

    def add_person(self, organisation, name, sex="female", born="1990-05-01", role="member", **values):
        """A new person in an organisation; returns the person."""
        person = self.env["kondo.org.person"].create(
            {"name": name, "sex": sex, "birth_date": born, "company_id": organisation.company_id.id}
        )
        self.env["kondo.org.membership"].create(
            {
                "organisation_id": organisation.id,
                "person_id": person.id,
                "role": role,
                "date_from": "2024-01-01",
                **values,
            }
        )
        return person


class OrgCase(OrgFixture, LoanCase):
    """A test of organisations, at whose end the books agree."""
