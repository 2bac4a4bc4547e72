from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        """Member numbers begin with the caisse's code: those given from now on follow it."""
        result = super().write(vals)
        if "kondo_code" in vals:
            for sequence in self._kondo_member_sequences():
                sequence.prefix = f"{sequence.company_id.kondo_code}-"
        return result

    def _kondo_member_sequences(self):
        return (
            self.env["ir.sequence"].sudo().search([("code", "in", [f"kondo.member.{company.id}" for company in self])])
        )

    def _kondo_next_member_numbers(self, count):
        """The next `count` member numbers of a caisse, such as NIO-00042.

        The sequence is PostgreSQL's own (implementation `standard`): two tellers never wait for each other, and an
        abandoned file leaves a hole. It is made on the caisse's first member.
        """
        self.ensure_one()
        sequence = self._kondo_member_sequences()
        if not sequence:
            sequence = (
                self.env["ir.sequence"]
                .sudo()
                .create(
                    {
                        "name": self.env._("Member numbers of %(caisse)s", caisse=self.name),
                        "code": f"kondo.member.{self.id}",
                        "implementation": "standard",
                        "prefix": f"{self.kondo_code}-",
                        "padding": 5,
                        "company_id": self.id,
                    }
                )
            )
        numbers = [sequence.next_by_id() for _index in range(count)]
        partners = self.env["res.partner"].sudo()
        if partners.search_count([("company_id", "=", self.id), ("member_number", "in", numbers)], limit=1):
            # Files taken over from another system came with their numbers: go on after the highest.
            sequence.number_next = self._kondo_highest_member_number() + 1
            numbers = [sequence.next_by_id() for _index in range(count)]
        return numbers

    def _kondo_highest_member_number(self):
        self.env["res.partner"].flush_model(["company_id", "member_number"])
        self.env.cr.execute(
            "SELECT max(substring(member_number from '[0-9]+$')::bigint) FROM res_partner WHERE company_id = %s",
            [self.id],
        )
        return self.env.cr.fetchone()[0] or 0
