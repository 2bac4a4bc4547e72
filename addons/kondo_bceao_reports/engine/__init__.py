"""The computation of returns: formulas, forms, facts, checks. Imports nothing of Odoo."""
