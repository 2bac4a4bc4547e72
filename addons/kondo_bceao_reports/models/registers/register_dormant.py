from odoo import api, models

from odoo.addons.kondo_microfinance.engine.words import spaced

from .dormant_account import STAGES


class KondoRegister(models.TransientModel):
    """Dormant accounts on paper and as a spreadsheet, with what was done to find their holders."""

    _inherit = "kondo.register"

    @api.private
    def _tables_dormant(self, caisses):
        accounts = self.env["kondo.dormant.account"].search(
            [("company_id", "in", caisses.ids)], order="company_id, last_sign_on, id"
        )
        return [self._dormant_stages(accounts), self._dormant_accounts(accounts), self._dormant_contacts(accounts)]

    @api.private
    def _dormant_stages(self, accounts):
        _ = self.env._
        labels = dict(accounts._fields["stage"]._description_selection(self.env))
        rows = []
        for stage, _label in STAGES:
            mine = accounts.filtered(lambda account, stage=stage: account.stage == stage)
            tried = mine.filtered("contact_count")
            rows.append(
                {
                    "label": labels[stage],
                    "accounts": len(mine),
                    "balance": sum(mine.mapped("balance")),
                    "tried": len(tried),
                }
            )
        years = {
            name: self.env["kondo.parameter"]._get(f"savings_{name}", self.date)
            for name in ("dormant_years", "transfer_years", "dormant_floor")
        }
        return {
            "title": _("Dormant accounts"),
            "note": _(
                "As the accounts stand now. Without intervention of the holder: search after %(search)s years (none under"
                " %(floor)s F), transfer to the BCEAO after %(transfer)s years.",
                search=years["dormant_years"],
                floor=spaced(int(years["dormant_floor"])),
                transfer=years["transfer_years"],
            ),
            "columns": [
                ("label", _("Stage"), "text", 34),
                ("accounts", _("Accounts"), "count", 11),
                ("balance", _("Balance"), "francs", 15),
                ("tried", _("With an attempt"), "count", 11),
            ],
            "rows": rows,
            "total": {
                "label": _("Total"),
                **{name: sum(row[name] for row in rows) for name in ("accounts", "balance", "tried")},
            },
        }

    @api.private
    def _dormant_accounts(self, accounts):
        _ = self.env._
        stages = dict(accounts._fields["stage"]._description_selection(self.env))
        results = dict(accounts._fields["contact_result"]._description_selection(self.env))
        return {
            "title": _("Accounts without a sign of their holder"),
            "note": "",
            "columns": [
                ("caisse", _("Caisse"), "text", 20),
                ("number", _("Account"), "text", 18),
                ("holder", _("Holder"), "text", 30),
                ("phone", _("Phone"), "text", 15),
                ("village", _("Village or quarter"), "text", 20),
                ("balance", _("Balance"), "francs", 13),
                ("last", _("Last sign"), "day", 11),
                ("search", _("Search from"), "day", 11),
                ("transfer", _("To the BCEAO from"), "day", 11),
                ("stage", _("Stage"), "text", 28),
                ("tries", _("Attempts"), "count", 8),
                ("on", _("Last attempt"), "day", 11),
                ("result", _("Result"), "text", 22),
            ],
            "rows": [
                {
                    "caisse": account.company_id.sudo().name,
                    "number": account.account_id.number,
                    "holder": account.partner_id.name,
                    "phone": account.phone or "",
                    "village": account.village_id.name or "",
                    "balance": account.balance,
                    "last": account.last_sign_on,
                    "search": account.search_from,
                    "transfer": account.transfer_from,
                    "stage": stages[account.stage],
                    "tries": account.contact_count,
                    "on": account.contact_on,
                    "result": results.get(account.contact_result, ""),
                }
                for account in accounts
            ],
            "total": {"caisse": _("Total"), "balance": sum(accounts.mapped("balance"))},
        }

    @api.private
    def _dormant_contacts(self, accounts):
        _ = self.env._
        contacts = self.env["kondo.dormant.contact"].search([("account_id", "in", accounts.account_id.ids)])
        ways = dict(contacts._fields["way"]._description_selection(self.env))
        results = dict(contacts._fields["result"]._description_selection(self.env))
        return {
            "title": _("Search of the holders"),
            "note": "",
            "columns": [
                ("number", _("Account"), "text", 18),
                ("holder", _("Holder"), "text", 30),
                ("day", _("Day"), "day", 11),
                ("way", _("Way"), "text", 24),
                ("by", _("By"), "text", 24),
                ("result", _("Result"), "text", 22),
                ("note", _("Note"), "text", 40),
            ],
            "rows": [
                {
                    "number": contact.account_id.number,
                    "holder": contact.partner_id.name,
                    "day": contact.day,
                    "way": ways[contact.way],
                    "by": contact.user_id.sudo().name,
                    "result": results[contact.result],
                    "note": contact.note or "",
                }
                for contact in contacts
            ],
            "total": None,
        }
