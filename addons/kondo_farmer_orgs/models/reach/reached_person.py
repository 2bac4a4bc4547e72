from odoo import fields, models, tools


class KondoReachPerson(models.Model):
    """Everybody who was lent to by name: borrowers themselves, and people behind an organisation by their part in its loan.

    A view, one row for each person and loan; `key` is the same for the same person.
    """

    _name = "kondo.reach.person"
    _description = "Person reached by a loan"
    _auto = False
    _order = "name, id"
    _rec_name = "name"

    name = fields.Char(readonly=True)
    sex = fields.Selection([("female", "Woman"), ("male", "Man")], readonly=True)
    birth_date = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True)
    loan_id = fields.Many2one("kondo.loan", readonly=True)
    organisation_id = fields.Many2one("res.partner", string="Through", readonly=True)
    person_id = fields.Many2one("kondo.org.person", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True)
    village_id = fields.Many2one("kondo.village", string="Village or quarter", readonly=True)
    disbursed_on = fields.Date(string="Disbursed on", readonly=True)
    amount = fields.Integer(string="Amount (F)", readonly=True)
    key = fields.Integer(readonly=True, aggregator=None)

    def init(self):
        """Even ids are people behind organisations, odd ones borrowers; below zero keys are members."""
        tools.drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            """
            CREATE VIEW kondo_reach_person AS
            SELECT 2 * s.id AS id, p.name, p.sex, p.birth_date, l.company_id, l.id AS loan_id,
                   l.partner_id AS organisation_id, p.id AS person_id, p.partner_id, p.village_id, l.disbursed_on,
                   s.granted AS amount, COALESCE(-p.partner_id, p.id) AS key
              FROM kondo_loan_split s
              JOIN kondo_loan l ON l.id = s.loan_id AND l.disbursed_on IS NOT NULL
              JOIN kondo_org_person p ON p.id = s.person_id
             WHERE s.granted > 0
             UNION ALL
            SELECT 2 * l.id + 1, m.name, m.sex, m.birth_date, l.company_id, l.id, NULL, NULL, m.id, m.village_id,
                   l.disbursed_on, l.disbursed::integer, -m.id
              FROM kondo_loan l
              JOIN res_partner m ON m.id = l.partner_id AND m.member_kind = 'individual'
             WHERE l.disbursed_on IS NOT NULL
            """
        )
