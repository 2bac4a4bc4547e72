from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.kondo_microfinance.models.fields import Francs

from .dormant_contact import RESULTS

STAGES = [
    ("transfer", "To be transferred to the BCEAO"),
    ("search", "Holder to be searched for"),
    ("exempt", "Exempt from the search"),
    ("inactive", "Inactive"),
]


class KondoDormantAccount(models.Model):
    """The register of dormant accounts: each account that its holder leaves alone, and what was done to find him.

    BCEAO instructions 05, 06 and 07-06-2014. What makes an account inactive or dormant is decided by the closing of the day
    (`kondo.savings.account`), by the same dated parameters as here; a product may make an account dormant earlier than the
    search is due, and such an account counts as inactive here.
    """

    _name = "kondo.dormant.account"
    _description = "Dormant account"
    _auto = False
    _order = "last_sign_on, id"
    _rec_name = "account_id"

    account_id = fields.Many2one("kondo.savings.account", readonly=True)
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", string="Holder", readonly=True)
    phone = fields.Char(readonly=True)
    village_id = fields.Many2one("kondo.village", string="Village or quarter", readonly=True)
    product_id = fields.Many2one("kondo.savings.product", readonly=True)
    balance = Francs(readonly=True)
    last_sign_on = fields.Date(
        string="Last sign of the holder",
        readonly=True,
        help="His last operation, the reactivation of the account or its opening.",
    )
    search_from = fields.Date(readonly=True, help="The day from which the holder is searched for.")
    transfer_from = fields.Date(string="To the BCEAO from", readonly=True)
    stage = fields.Selection(STAGES, string="Stage", readonly=True)
    contact_count = fields.Integer(string="Attempts", readonly=True)
    contact_on = fields.Date(string="Last attempt", readonly=True)
    contact_result = fields.Selection(RESULTS, string="Result", readonly=True)
    contact_ids = fields.One2many(related="account_id.dormant_contact_ids", string="Search of the holder")

    @property
    def _table_query(self):
        day = SQL("COALESCE(c.business_date, CURRENT_DATE)")
        return SQL(
            """
            SELECT q.id, q.account_id, q.company_id, q.partner_id, q.phone, q.village_id, q.product_id, q.balance,
                   q.last_sign_on, q.search_from, q.transfer_from, q.contact_count, q.contact_on, q.contact_result,
                   CASE WHEN q.dormant AND q.transfer_from <= q.day THEN 'transfer'
                        WHEN q.dormant AND q.search_from <= q.day AND q.balance < q.floor THEN 'exempt'
                        WHEN q.dormant AND q.search_from <= q.day THEN 'search'
                        ELSE 'inactive' END AS stage
              FROM (
                SELECT a.id, a.id AS account_id, a.company_id, a.partner_id, p.phone, p.village_id, a.product_id,
                       a.balance, s.last_sign_on, v.day, a.state = 'dormant' AS dormant, v.floor,
                       (s.last_sign_on + make_interval(years => v.search))::date AS search_from,
                       (s.last_sign_on + make_interval(years => v.transfer))::date AS transfer_from,
                       COALESCE(t.contacts, 0) AS contact_count, t.contact_on, t.contact_result
                  FROM kondo_savings_account a
                  JOIN (SELECT c.id, %(day)s AS day, %(search)s AS search, %(transfer)s AS transfer, %(floor)s AS floor
                          FROM res_company c) v ON v.id = a.company_id
                  JOIN res_partner p ON p.id = a.partner_id
                 CROSS JOIN LATERAL (SELECT greatest(a.last_movement_on, a.reactivated_on, a.opened_on) AS last_sign_on) s
                  LEFT JOIN (SELECT account_id, count(*)::int AS contacts, max(day) AS contact_on,
                                    (array_agg(result ORDER BY day DESC, id DESC))[1] AS contact_result
                               FROM kondo_dormant_contact GROUP BY account_id) t ON t.account_id = a.id
                 WHERE a.state IN ('inactive', 'dormant')) q
            """,
            day=day,
            search=self._in_force("savings_dormant_years", day),
            transfer=self._in_force("savings_transfer_years", day),
            floor=self._in_force("savings_dormant_floor", day),
        )

    def _in_force(self, key, day):
        """SQL of a dated parameter on a day (SQL)."""
        return SQL(
            """(SELECT k.value::int FROM kondo_parameter k
                 WHERE k.key = %s AND k.date_from <= %s ORDER BY k.date_from DESC LIMIT 1)""",
            key,
            day,
        )

    def action_add_contact(self):
        """Record an attempt to find the holder."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Search of the holder"),
            "res_model": "kondo.dormant.contact",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_account_id": self.account_id.id},
        }

    def action_open_account(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "kondo.savings.account",
            "res_id": self.account_id.id,
            "views": [(False, "form")],
        }
