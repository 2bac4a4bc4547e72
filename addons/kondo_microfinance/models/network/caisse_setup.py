import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import file_open

from ..ledger.key import LEDGER


class ResCompany(models.Model):
    """What a new caisse needs to work: journals, a vault, tills, each with its own account of the shared chart."""

    _inherit = "res.company"

    def install_l10n_modules(self):
        """Not Mali's SYSCOHADA chart, which Odoo would install for any company there: an SFD keeps the RCSSFD."""
        others = self.filtered(lambda company: company.country_id.code != "ML")
        return super(ResCompany, others).install_l10n_modules() if others else False

    @api.private
    def _kondo_account(self, code):
        """The account of the shared chart with this code; UserError when the chart has none."""
        self.ensure_one()
        account = (
            self.env["account.account"]
            .sudo()
            .with_company(self.sudo().root_id)
            .search([("code", "=", code), ("company_ids", "parent_of", self.id)], limit=1)
        )
        if not account:
            raise UserError(self.env._("The chart of accounts has no account %(code)s.", code=code))
        return account

    @api.private
    def _kondo_set_up_union(self, code):
        """Make a root company the union of a network: SFD chart of accounts, first kind and code."""
        self.ensure_one()
        if self.chart_template != "ml_sfd":
            self.env["account.chart.template"].try_loading("ml_sfd", self, install_demo=False)
        self.write({"kondo_kind": "union", "kondo_code": code})
        if self.uses_default_logo:
            with file_open("kondo_microfinance/static/description/icon.png", "rb") as icon:
                self.logo = base64.b64encode(icon.read())

    @api.private
    @api.model
    def _kondo_create_caisses(self, union, definitions):
        """Create caisses under `union`.

        :param definitions: list of dicts with name, code, and optionally tills (number, 1), region_id, cercle_id,
            commune_id, business_date
        :return: the new companies, in that order
        """
        self.env["kondo.four.eyes"]._check_group("group_administrator", "group_network_manager")
        if union.kondo_kind != "union":
            raise UserError(self.env._("Caisses are created under a union."))
        known = self.sudo().search([("id", "child_of", union.id)])
        number = max(known.mapped("kondo_number"), default=0)
        # `chart_template_load` keeps Odoo from installing the country's SYSCOHADA chart for each new company.
        caisses = (
            self.sudo()
            .with_context(chart_template_load=True)
            .create(
                [
                    {
                        "name": definition["name"],
                        "parent_id": union.id,
                        "kondo_kind": "caisse",
                        "kondo_code": definition["code"],
                        "kondo_number": number + index,
                        "country_id": union.country_id.id,
                        "kondo_region_id": definition.get("region_id"),
                        "kondo_cercle_id": definition.get("cercle_id"),
                        "kondo_commune_id": definition.get("commune_id"),
                        "business_date": definition.get("business_date") or fields.Date.context_today(self),
                        "supervisor_name": union.supervisor_name,
                    }
                    for index, definition in enumerate(definitions, 1)
                ]
            )
            .with_context(chart_template_load=None)
        )
        for caisse, definition in zip(caisses, definitions, strict=True):
            caisse._kondo_set_up_caisse(definition.get("tills", 1))
        return caisses

    def _kondo_set_up_caisse(self, tills):
        """Journals (general, inter-caisse, vault, one per till), accounts 1011 + caisse + place, vault and tills."""
        self.ensure_one()
        places = [("vault", "COF", self.env._("Vault"))]
        places += [("till", f"G{index}", self.env._("Till %(number)s", number=index)) for index in range(1, tills + 1)]
        root = self.root_id
        accounts = (
            self.env["account.account"]
            .sudo()
            .with_company(root)
            .with_context(kondo_ledger=LEDGER)
            .create(
                [
                    {
                        "code": f"1011{self.kondo_number:03d}{index:02d}",
                        "name": f"{name} {self.kondo_code}",
                        "account_type": "asset_cash",
                        "company_ids": [(6, 0, [self.id])],
                        "kondo_control": "till",
                    }
                    for index, (_kind, _code, name) in enumerate(places)
                ]
            )
        )
        journals = (
            self.env["account.journal"]
            .sudo()
            .with_company(self)
            .create(
                [
                    {"name": self.env._("General operations"), "code": "OD", "type": "general", "company_id": self.id},
                    {
                        "name": self.env._("Inter-caisse"),
                        "code": "LIA",
                        "type": "general",
                        "company_id": self.id,
                        "restrict_mode_hash_table": True,
                    },
                ]
                + [
                    {
                        "name": f"{name} {self.kondo_code}",
                        "code": code,
                        "type": "cash",
                        "company_id": self.id,
                        "default_account_id": account.id,
                        "restrict_mode_hash_table": True,
                    }
                    for (_kind, code, name), account in zip(places, accounts, strict=True)
                ]
            )
        )
        self.write({"general_journal_id": journals[0].id, "liaison_journal_id": journals[1].id})
        self.env["kondo.till"].sudo().with_context(kondo_ledger=LEDGER).create(
            [
                {
                    "name": name,
                    "code": code,
                    "kind": kind,
                    "company_id": self.id,
                    "journal_id": journal.id,
                    "account_id": account.id,
                }
                for (kind, code, name), account, journal in zip(places, accounts, journals[2:], strict=True)
            ]
        )
