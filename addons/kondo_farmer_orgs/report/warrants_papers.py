from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.words import spaced


class ReportWarrant(models.AbstractModel):
    """The warehouse receipt that the producers keep: what lies in the store, under whose padlocks, and its value."""

    _name = "report.kondo_farmer_orgs.report_warrant"
    _description = "Warehouse receipt"
    _inherit = ["kondo.loan.paper"]

    @api.model
    def _get_report_values(self, docids, data=None):
        warrants = self.env["kondo.warrant"].browse(docids).exists()
        if not warrants:
            raise UserError(self.env._("Choose the warehouse receipt."))
        warrants.check_access("read")
        for warrant in warrants:
            warrant.company_id.with_env(self.env)._check_visible()
            if warrant.state not in ("received", "released"):
                raise UserError(self.env._("The stock is confirmed before its receipt is printed."))
        pages = [self._receipt(warrant) for warrant in warrants]
        return self._values(docids, "kondo.warrant", self.env._("Warehouse receipt"), pages)

    def _receipt(self, warrant):
        _ = self.env._
        warrant.message_post(body=_("Warehouse receipt printed by %(user)s", user=self.env.user.name))
        warrant = warrant.sudo()
        facts = [
            (_("Depositor"), warrant.partner_id.name),
            (_("Member no."), warrant.partner_id.member_number),
            (_("Store"), " · ".join(filter(None, [warrant.store_id.name, warrant.store_id.village_id.name]))),
            (_("Received on"), self._date(warrant.received_on)),
            (_("Loan"), warrant.loan_id.name),
            (_("Product"), warrant.crop_id.name),
            (_("Bags"), spaced(warrant.bags)),
            (_("Weight"), f"{spaced(warrant.kg)} kg"),
            (_("Quality"), warrant.quality),
            (_("Valued on"), _("%(day)s at %(price)s F/kg", day=self._date(warrant.valued_on), price=spaced(warrant.first_price))),
        ]  # fmt: skip
        left = ""
        if warrant.kg_left != warrant.kg:
            left = _(
                "Left in store today: %(bags)s bags, %(kg)s kg.",
                bags=spaced(warrant.bags_left),
                kg=spaced(warrant.kg_left),
            )
        return self._page(
            warrant.company_id,
            _("Warehouse receipt"),
            warrant.name,
            notice=left,
            facts=[(label, text) for label, text in facts if text],
            articles=[
                (_("Value"), _("The stock is worth %(amount)s.", amount=self._francs(warrant.first_value))),
                (
                    _("Pledge"),
                    _(
                        "The stock is pledged to the caisse until the loan made on it is repaid. It is stored under two"
                        " padlocks: one key with %(caisse)s for the caisse, the other with %(producers)s for the"
                        " producers. Neither opens without the other.",
                        caisse=warrant.caisse_key_id.name,
                        producers=warrant.producer_key,
                    ),
                ),
                (
                    _("Release"),
                    _(
                        "Bags leave the store against repayment, as far as what stays still covers the loan, with a"
                        " release note signed by both key holders. This receipt is presented at each release and given"
                        " back with the last bag."
                    ),
                ),
            ],
            signs=[
                _("For the producers, key holder: %(name)s", name=warrant.producer_key),
                _("For the caisse, key holder: %(name)s", name=warrant.caisse_key_id.name),
                _("Counted and confirmed by %(name)s", name=warrant.confirmed_by_id.name),
            ],
        )


class ReportWarrantRelease(models.AbstractModel):
    """The note that bags leave the store with."""

    _name = "report.kondo_farmer_orgs.report_warrant_release"
    _description = "Release note"
    _inherit = ["kondo.loan.paper"]

    @api.model
    def _get_report_values(self, docids, data=None):
        releases = self.env["kondo.warrant.release"].browse(docids).exists()
        if not releases:
            raise UserError(self.env._("Choose the release."))
        releases.check_access("read")
        for release in releases:
            release.company_id.with_env(self.env)._check_visible()
            if release.state != "done":
                raise UserError(self.env._("The release is confirmed before its note is printed."))
        pages = [self._note(release.sudo()) for release in releases]
        return self._values(docids, "kondo.warrant.release", self.env._("Release note"), pages)

    def _note(self, release):
        _ = self.env._
        warrant = release.warrant_id
        left = (
            warrant.kg + sum(move.kg for move in self._until(release)),
            warrant.bags + sum(move.bags for move in self._until(release)),
        )
        facts = [
            (_("Depositor"), warrant.partner_id.name),
            (_("Warehouse receipt"), warrant.name),
            (_("Store"), warrant.store_id.name),
            (_("Loan"), warrant.loan_id.name),
            (_("Product"), warrant.crop_id.name),
            (_("Released on"), self._date(release.date)),
            (_("Taken by"), release.taken_by),
            (_("Entered by"), release.entered_by_id.name),
            (_("Confirmed by"), release.confirmed_by_id.name),
            (_("Entry"), release.operation_id.move_id.name),
        ]
        return self._page(
            warrant.company_id,
            _("Release note"),
            release.name,
            facts=[(label, text) for label, text in facts if text],
            table={
                "headers": ["", "", _("Bags"), _("Weight (kg)")],
                "rows": [
                    [_("Released"), "", spaced(release.bags), spaced(release.kg)],
                    [_("Left in store"), "", spaced(left[1]), spaced(left[0])],
                ],
                "total": None,
            },
            signs=[
                _("Taken by"),
                _("For the producers, key holder: %(name)s", name=release.producer_key),
                _("For the caisse, key holder: %(name)s", name=release.caisse_key_id.name),
            ],
        )

    def _until(self, release):
        """Movements of the lot after its receipt, up to this release."""
        operation = release.operation_id
        return release.warrant_id.move_ids.filtered(
            lambda move: (
                move.operation_id.id <= operation.id and move.what in ("released", "reversed") and move.release_id
            )
        )
