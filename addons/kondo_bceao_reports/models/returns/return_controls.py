from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from odoo.addons.kondo_microfinance.engine.words import spaced

from ...engine.checks import outcome
from ...engine.coverage import coverage
from ...engine.formula import Account, FormulaError, Measure, Ref
from ...engine.layout import formulas_of, nodes

SHOWN = 6
LIAISON = "39"  # accounts of caisses of the same network with each other
NOT_PHOTOGRAPHED = ("parameter", "profile", "caisses", "points.of_service")


class KondoReturn(models.Model):
    """The controls of a return: those of the forms, and those that every return passes."""

    _inherit = "kondo.return"

    def _control(self, count):
        """Replace the outcomes of all controls."""
        self.ensure_one()
        found = [
            *self._control_formulas(count),
            *self._control_inputs(),
            *self._control_forms(count),
            *self._control_coverage(count),
            *self._control_books(count),
            *self._control_months(),
            *self._control_photographs(count),
            *(self._control_consolidation(count) if self.scope == "network" else ()),
            *self._control_confirmed(),
        ]
        keyed = self.sudo()._keyed()
        keyed.check_ids.unlink()
        keyed.env["kondo.return.check"].create(
            [{**values, "return_id": self.id, "sequence": number} for number, values in enumerate(found, 1)]
        )
        self.invalidate_recordset(["check_ids"])

    # ------------------------------------------------------------------ of the forms
    def _control_forms(self, count):
        """What must equal what, and which norms hold: the controls of the forms that are in the return."""
        for check in self.env["kondo.form.check"]._at(self.date, count.codes):
            values = {
                "code": check.code,
                "label": check.label,
                "level": check.level,
                "legal_reference": check.legal_reference,
                "formula": f"{check.left} {check.compare} {check.right}",
                "opens": {"lines": self._lines_of(check.left, check.right), "accounts": self._terms_of(check)},
            }
            try:
                result = outcome(count.evaluator, check.left, check.compare, check.right, check.tolerance)
            except FormulaError as error:
                yield {**values, "state": "failed", "message": self.env["kondo.form"]._said(error)}
            except UserError as error:
                yield {**values, "state": "failed", "message": str(error)}
            else:
                yield {**values, **self._outcome_values(result, check.compare)}

    def _outcome_values(self, result, compare):
        amounts = {
            name: None if value is None else self._figure(value)
            for name, value in (("left", result.left), ("right", result.right), ("difference", result.difference))
        }
        message = False
        if result.state == "failed":
            message = self.env._(
                "%(left)s against %(right)s: a difference of %(difference)s.",
                **amounts,
            )
        elif result.state == "no_data":
            message = self.env._("One side has no data.")
        return {
            "state": result.state,
            "message": message,
            "left": float(result.left or 0),
            "right": float(result.right or 0),
            "difference": float(result.difference or 0),
        }

    def _figure(self, value):
        """A number in words of the screen: francs whole, anything else with two decimals."""
        if value == int(value):
            return spaced(int(value))
        return f"{spaced(int(value))},{abs(round(value * 100)) % 100:02d}"

    @staticmethod
    def _lines_of(*formulas):
        """[[form, part, line]] that formulas read, to open them."""
        return [
            [node.form, node.part, node.line]
            for text in formulas
            for node in nodes(text)
            if isinstance(node, Ref) and node.line
        ]

    @staticmethod
    def _terms_of(check):
        return sorted(
            {node.prefix for text in (check.left, check.right) for node in nodes(text) if isinstance(node, Account)}
        )

    def _control_formulas(self, count):
        """Every cell could be counted."""
        said = [f"{form} {line or part} ({column}) : {text}" for (form, part, line, column), text in count.faults]
        yield {
            "code": "formulas",
            "label": self.env._("Every cell can be counted"),
            "level": "blocking",
            "state": "failed" if said else "passed",
            "message": self._listed_shortly(said),
            "difference": len(said),
            "opens": {"lines": [[form, part, line] for (form, part, line, _column), _text in count.faults]},
        }

    def _control_inputs(self):
        """What no ledger knows was typed in, with its document."""
        own = self.sudo()
        if own.input_ids:
            missing = own.input_ids.filtered(lambda one: not one.complete)
            yield {
                "code": "inputs",
                "label": self.env._("What no ledger knows is typed in, with its document"),
                "level": "blocking",
                "state": "failed" if missing else "passed",
                "message": self._listed_shortly([f"{one.form_code} {one.code} {one.label}" for one in missing]),
                "difference": len(missing),
                "opens": {"model": "kondo.return.input", "ids": missing.ids},
            }
        if own.explanation_ids:
            missing = own.explanation_ids.filtered(lambda one: not one.complete)
            yield {
                "code": "explanations",
                "label": self.env._("Big changes are explained"),
                "level": "blocking",
                "state": "failed" if missing else "passed",
                "message": self._listed_shortly([f"{one.form_code} {one.code} {one.label}" for one in missing]),
                "difference": len(missing),
                "opens": {"model": "kondo.return.explanation", "ids": missing.ids},
            }

    # ------------------------------------------------------------------ of every return
    def _control_coverage(self, count):
        """Each account with a balance falls on exactly one line of a form that covers its class."""
        for code in count.codes:
            form = count.forms[code]
            if not form.covers:
                continue
            gaps = coverage(form, count.facts)
            said = [
                f"{gap.code} {gap.side} {spaced(gap.amount)} F : "
                + (" + ".join(gap.lines) if gap.lines else self.env._("no line"))
                for gap in gaps
            ]
            yield {
                "code": f"coverage {code}",
                "label": self.env._("%(form)s: every account falls on exactly one line", form=code),
                "level": "blocking",
                "state": "failed" if gaps else "passed",
                "message": self._listed_shortly(said),
                "difference": sum(gap.amount for gap in gaps),
                "opens": {"accounts": [gap.code for gap in gaps], "exact": True},
            }

    def _control_books(self, count):
        """The books balance, and sub-ledger and general ledger say the same."""
        gap = sum(balance.net for balance in count.facts.closing.values())
        yield {
            "code": "balanced",
            "label": self.env._("Debits equal credits in the books"),
            "level": "blocking",
            "state": "failed" if gap else "passed",
            "message": bool(gap) and self.env._("A difference of %(gap)s F.", gap=spaced(gap)),
            "difference": gap,
            "opens": {"accounts": [""]},
        }
        service, gaps = self.env["kondo.reconciliation"].sudo(), []
        for company in self._companies():
            gaps += [(company, row) for row in service._reconcile(company, self.date) if row["gap"]]
        yield {
            "code": "proved",
            "label": self.env._("Members' accounts, loans and shares agree with the general ledger"),
            "level": "blocking",
            "state": "failed" if gaps else "passed",
            "message": self._listed_shortly(
                [f"{company.name} {row['code']} {spaced(row['gap'])} F" for company, row in gaps]
            ),
            "difference": sum(row["gap"] for _company, row in gaps),
            "opens": {"accounts": sorted({row["code"] for _company, row in gaps}), "exact": True},
        }

    def _control_months(self):
        """Nobody posts in the period any more."""
        months, companies = self.env["kondo.month.close"].sudo(), self._companies()
        start, _annual = self._year_of(self.date)
        still_open = set(months._open_months(companies, self.date, start))
        last, root = self.date.replace(day=1), companies[:1].root_id
        if not months.search_count(
            [("company_id", "=", root.id), ("month", "=", last), ("state", "=", "closed")], limit=1
        ):
            still_open.add(last)
        names = [format_date(self.env, month, date_format="MMMM y") for month in sorted(still_open)]
        yield {
            "code": "months",
            "label": self.env._("The months are closed"),
            "level": "blocking",
            "state": "failed" if names else "passed",
            "message": self._listed_shortly(names, 12),
            "difference": len(names),
            "opens": {
                "model": "kondo.month.close",
                "domain": [["month", ">=", str(start)], ["month", "<=", str(last)]],
            },
        }

    def _control_photographs(self, count):
        """The evening that ends the period was photographed in every caisse, when the forms ask for it."""
        asked = any(
            isinstance(node, Measure) and node.name not in NOT_PHOTOGRAPHED
            for code in count.codes
            for _part, _line, _column, text in formulas_of(count.forms[code])
            for node in nodes(text)
        )
        if not asked:
            return
        source, scope = self.env["kondo.return.source"].sudo(), count.facts.scope
        begun, evenings = source._begun(scope, self.date), source._evenings(scope, self.date)
        missing = self.env["res.company"].sudo().browse(sorted(set(begun) - set(evenings)))
        yield {
            "code": "photographs",
            "label": self.env._("The last evening was photographed in every caisse"),
            "level": "warning",
            "state": "failed" if missing else "passed",
            "message": bool(missing)
            and self.env._(
                "No photograph, so numbers of members and classes of loans have no data: %(caisses)s.",
                caisses=self._listed_shortly(missing.mapped("name")),
            ),
            "difference": len(missing),
            "opens": {
                "model": "kondo.closing",
                "domain": [
                    ["date", ">=", str(self.date - timedelta(days=31))],
                    ["date", "<=", str(self.date)],
                    ["company_id", "in", missing.ids or begun],
                ],
            },
        }

    def _control_consolidation(self, count):
        """The sum of the institutions, less what they owe each other, is the network."""
        sums, liaison = {}, 0
        for company in self._companies():
            for code, balance in self._facts_on(self.date, company).closing.items():
                if code.startswith(LIAISON):
                    liaison += balance.net
                else:
                    sums[code] = sums.get(code, 0) + balance.net
        together = {code: balance.net for code, balance in count.facts.closing.items() if not code.startswith(LIAISON)}
        gaps = {
            code: gap for code in sorted(sums | together) if (gap := sums.get(code, 0) - together.get(code, 0))
        }  # fmt: skip
        said = [f"{code} {spaced(gap)} F" for code, gap in gaps.items()]
        if liaison:
            said.insert(0, self.env._("between caisses %(gap)s F", gap=spaced(liaison)))
        yield {
            "code": "consolidation",
            "label": self.env._("The sum of the institutions, less what they owe each other, is the network"),
            "level": "blocking",
            "state": "failed" if said else "passed",
            "message": self._listed_shortly(said),
            "difference": sum(abs(gap) for gap in gaps.values()) + abs(liaison),
            "opens": {"accounts": [*gaps, LIAISON] if liaison else list(gaps)},
        }

    def _control_confirmed(self):
        """Lines whose accounts were not transcribed from the official text wait for the accountant's confirmation."""
        forms = self.sudo().form_ids.filtered("to_confirm")
        count = sum(forms.mapped("to_confirm"))
        yield {
            "code": "confirmed",
            "label": self.env._("The accounts of every line are confirmed against the official text"),
            "level": "warning",
            "state": "failed" if count else "passed",
            "message": self._listed_shortly([f"{form.code} : {form.to_confirm}" for form in forms]),
            "difference": count,
            "opens": {
                "model": "kondo.form.line",
                "domain": [["form_id", "in", forms.ids], ["confidence", "!=", "sourced"], ["confirmed_on", "=", False]],
            },
        }

    def _listed_shortly(self, sentences, shown=SHOWN):
        rest = len(sentences) - shown
        text = " ; ".join(sentences[:shown])
        return f"{text} ; +{rest}" if rest > 0 else text
