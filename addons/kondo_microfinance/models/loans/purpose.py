from odoo import fields, models


class KondoLoanPurpose(models.Model):
    """What loans are for, as the annual report to the BCEAO lists it (instruction 018-12-2010, table 6.2)."""

    _name = "kondo.loan.purpose"
    _description = "Purpose of loans"
    _order = "sequence, code"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex("(code)", "Another purpose already has this code.")


class KondoLoanSector(models.Model):
    """The sector a loan goes to, as the annual report to the BCEAO lists it (instruction 018-12-2010, table 6.4)."""

    _name = "kondo.loan.sector"
    _description = "Economic sector"
    _order = "sequence, code"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex("(code)", "Another sector already has this code.")
