from odoo import api, models
from odoo.exceptions import UserError


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _execute_commission(self, posting, values):
        """values: commission_id, its row locked by `action_post`, which has checked the second person."""
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_accountant")
        commission = self.env["kondo.collection.commission"].sudo().browse(values["commission_id"])
        if commission.company_id.id != posting.company_id or commission.state != "draft":
            raise UserError(self.env._("This commission is not waiting to be posted."))
        accounts = commission.line_ids.account_id
        self.env.cr.execute(
            "SELECT id FROM kondo_savings_account WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", (accounts.ids,)
        )
        accounts.invalidate_recordset()
        commission._take(
            posting.business_date,
            {account.id: account.balance - account.blocked for account in accounts if account.state != "closed"},
        )
        if not (commission.taken or commission.pay):
            raise UserError(self.env._("There is nothing to post: cancel this commission."))
        if commission.taken:
            posting.move_many(commission._rows(), rule="house")
        commission._add_house_legs(posting)
        commission._mark_posted(posting)
        posting.label = self.env._("Commission of %(collector)s", collector=commission.name)
        account = commission.collector_id.account_id
        posting.values.update(
            amount=commission.taken or commission.pay,
            partner_id=account.partner_id.id or None,
            savings_account_id=account.id if commission.pay else None,
            user_id=commission.create_uid.id,
            approver_id=self.env.uid,
        )
        posting.answer.update(commission=commission.name)
