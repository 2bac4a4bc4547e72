from odoo.tests import tagged

from .member_common import MemberCase


@tagged("post_install", "-at_install")
class TestMemberGeography(MemberCase):
    def test_mali_has_nineteen_regions_the_district_and_159_cercles(self):
        regions = self.env["kondo.region"].search([])
        self.assertEqual(regions.mapped("code"), [f"{code:02d}" for code in range(20)])
        xmlids = self.env["ir.model.data"].search_count(
            [("module", "=", "kondo_microfinance"), ("model", "=", "kondo.cercle")]
        )
        self.assertEqual(xmlids, 159)

    def test_old_cercles_stand_in_their_new_region(self):
        for cercle, region in (("Niono", "04"), ("Yorosso", "16"), ("Diéma", "11"), ("Koro", "19"), ("Nara", "14")):
            found = self.env["kondo.cercle"].search([("name", "=", cercle)])
            self.assertEqual(found.region_id.mapped("code"), [region], cercle)

    def test_a_commune_takes_the_region_of_its_cercle_and_bamako_has_six_without(self):
        niono = self.env.ref("kondo_microfinance.commune_04_niono")
        self.assertEqual((niono.cercle_id.name, niono.region_id.name), ("Niono", "Ségou"))
        bamako = self.env["kondo.commune"].search([("region_id.code", "=", "00")])
        self.assertEqual(len(bamako), 6)
        self.assertFalse(bamako.cercle_id)

    def test_a_teller_adds_a_village_for_the_whole_network(self):
        villages = self.members_as(self.teller).env["kondo.village"]
        village = villages.create(
            {"name": "Essai-sur-Niger", "commune_id": self.env.ref("kondo_microfinance.commune_04_niono").id}
        )
        self.assertEqual((village.region_id.code, village.display_name), ("04", "Essai-sur-Niger (Niono)"))
        self.assertIn(
            village.id,
            [id_ for id_, _ in self.members_as(self.seg_teller).env["kondo.village"].name_search("essai sur")],
        )
