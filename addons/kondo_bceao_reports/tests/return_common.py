"""A small form and the return made of it, on two caisses at the turn of the year 2025."""

import base64
from datetime import date

from odoo.addons.kondo_microfinance.tests.period_common import LAST, NEW_YEAR, PeriodCase

PARTS = [
    {
        "code": "P", "title": "Montants", "side": "credit", "main": "amount",
        "columns": [{"key": "amount", "label": "Montant"}, {"key": "last", "label": "N-1", "formula": "previous([.amount])"}],
    },
    {"code": "Q", "title": "Nombres", "main": "number", "columns": [{"key": "number", "label": "Nombre", "kind": "count"}]},
]  # fmt: skip
ROWS = [
    {"part": "P", "code": "H", "label": "Ressources", "level": "heading"},
    {"part": "P", "code": "A", "label": "Dépôts", "parent": "T", "amount": "251"},
    {"part": "P", "code": "B", "label": "Produits", "parent": "T", "amount": "7"},
    {"part": "P", "code": "C", "label": "Charges", "amount": "-6"},
    {"part": "P", "code": "R", "label": "Résultats non affectés", "amount": "591"},
    {"part": "P", "code": "D", "label": "Découverts", "amount": "-251D"},
    {"part": "P", "code": "T", "label": "Total", "level": "total", "sum_of": "A+B"},
    {"part": "Q", "code": "M", "label": "Membres", "number": "{members}"},
    {"part": "Q", "code": "S", "label": "Salariés", "number": "?"},
    {"part": "Q", "code": "W", "label": "Personnes", "level": "total", "sum_of": "M+S"},
]


class ReturnCase(PeriodCase):
    @classmethod
    def build_network(cls):
        super().build_network()
        cls.form = cls.env["kondo.form"].create(
            {
                "code": "TST 1",
                "version": "1",
                "title": "Essai",
                "kind": "statement",
                "edition": "both",
                "date_from": date(2010, 1, 1),
                "layout": {"parts": PARTS},
                "signatures": "Le Directeur",
            }
        )
        cls.form._enter_lines(ROWS)
        cls.kind = cls.env["kondo.return.type"].create(
            {
                "name": "Déclaration d'essai",
                "code": "TST",
                "form_codes": "TST 1",
                "due_key": "return_annual_months",
                "addressee_ids": [
                    (0, 0, {"name": "Ministère", "is_authority": True, "copies": 5, "copies_44": 5}),
                    (0, 0, {"name": "BCEAO", "copies": 0, "copies_44": 2}),
                ],
            }
        )
        cls.env["kondo.form.check"].create(
            {
                "code": "tst_sum",
                "label": "Total = dépôts + produits",
                "left": "[TST 1/P:T]",
                "right": "[TST 1/P:A] - 7",
                "forms": "TST 1",
            }
        )
        for key, value in (("return_annual_months", "6"), ("return_indicator_days", "30")):
            if not cls.env["kondo.parameter"].search_count([("key", "=", key)]):
                cls.env["kondo.parameter"].create(
                    {"key": key, "label": key, "date_from": date(2010, 1, 1), "value": value}
                )

    def end_the_year(self, *months):
        """Incomes and expenses of December, and the months closed."""
        self.entry(date(2025, 12, 30), -1_000_000, "7028")
        self.entry(date(2025, 12, 30), 400_000, "6239")
        self.move_to(NEW_YEAR)
        for month in months:
            self.closed_month(month)
        self.closed_month()

    def begin(self, role="accountant", caisse=None, **values):
        caisse = caisse or self.nio
        return self.as_user(self.users[caisse.kondo_code][role])["kondo.return"].create(
            {"company_id": caisse.id, "type_id": self.kind.id, "date": LAST, "frequency": "year", **values}
        )

    def by(self, role, record, caisse=None):
        return record.with_env(self.as_user(self.users[(caisse or self.nio).kondo_code][role]))

    def document(self, name="Registre du personnel.pdf"):
        return (0, 0, {"name": name, "datas": base64.b64encode(name.encode())})

    def type_staff(self, record, value=4):
        row = record.input_ids.filtered(lambda one: one.code == "S")
        row.write({"value": value, "document_ids": [self.document()]})
        return row

    def prepared(self, **values):
        """Computed and checked by the accountant, with the staff typed in and changes explained."""
        record = self.begin(**values)
        self.type_staff(record)
        record.action_compute()
        for one in record.explanation_ids:
            one.text = "Ouverture d'un guichet"
        record.action_check()
        return record

    def filed(self, **values):
        record = self.prepared(**values)
        manager = self.by("manager", record)
        manager.action_validate()
        manager.action_file()
        self.env.invalidate_all()
        return record

    def cell(self, record, code, column="amount", part="P"):
        return record.cell_ids.filtered(lambda cell: (cell.part, cell.code, cell.column) == (part, code, column))
