from odoo import api, fields, models


class KondoBench(models.AbstractModel):
    """What Odoo itself does for an entry of two lines, with its own defaults and nothing of Kondo's."""

    _name = "kondo.bench"
    _description = "Yardstick"

    @api.model
    def journals(self, count, hashed=False):
        """Journals of the user's caisse in which nobody else posts; returns what `bare_entry` needs for each."""
        company = self.env.company.sudo()
        journals = (
            self.env["account.journal"]
            .sudo()
            .create(
                [
                    {
                        "name": f"Bare {index} {'hashed' if hashed else ''}",
                        "code": f"{'BH' if hashed else 'BA'}{index}",
                        "type": "general",
                        "company_id": company.id,
                        "restrict_mode_hash_table": hashed,
                    }
                    for index in range(count)
                ]
            )
        )
        accounts = [company._kondo_account(code).id for code in ("1141", "3792")]
        return [[journal.id, *accounts] for journal in journals]

    @api.model
    def bare_entry(self, journal_id, debit_account_id, credit_account_id, amount=1000):
        """Create and post one entry of two lines, as superuser so that no access rule is paid for."""
        move = (
            self.env["account.move"]
            .sudo()
            .create(
                {
                    "move_type": "entry",
                    "journal_id": journal_id,
                    "date": fields.Date.today(),
                    "line_ids": [
                        (0, 0, {"account_id": debit_account_id, "name": "Bare entry", "debit": amount}),
                        (0, 0, {"account_id": credit_account_id, "name": "Bare entry", "credit": amount}),
                    ],
                }
            )
        )
        move.action_post()
        return move.name
