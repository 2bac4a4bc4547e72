import base64
import csv
import io

from odoo import api, models
from odoo.exceptions import UserError

from ..engine.sheet import in_units

HEADER = ("institution", "agreement", "scope", "date", "return", "form", "version", "part", "code", "label", "column",
          "value", "text")  # fmt: skip


class KondoReturn(models.Model):
    """A return as a plain file that any program reads: a line for each cell."""

    _inherit = "kondo.return"

    def action_data_file(self):
        """Attach the plain file and download it; that of a filed return is made once."""
        self.ensure_one()
        self.check_access("read")
        if self.state == "draft":
            raise UserError(self.env._("Compute the return first: a draft has nothing to print."))
        name = f"{self._file_name()}.csv"
        attachments = self.env["ir.attachment"].sudo()
        kept = attachments.search(
            [("res_model", "=", self._name), ("res_id", "=", self.id), ("name", "=", name)], limit=1
        )
        content = base64.b64encode(self._data_file().encode("utf-8-sig"))
        if not kept:
            kept = attachments.create(
                {"name": name, "res_model": self._name, "res_id": self.id, "mimetype": "text/csv", "datas": content}
            )
        elif self.state not in ("filed", "replaced"):
            kept.datas = content
        return {"type": "ir.actions.act_url", "url": f"/web/content/{kept.id}?download=true", "target": "self"}

    def _file_name(self):
        """institution-type-date, of letters, digits and dashes."""
        company = self.company_id.sudo()
        words = [company.kondo_code or company.name, self.type_id.code or self.type_id.name, f"{self.date:%Y-%m-%d}"]
        if self.state not in ("filed", "replaced"):
            words.append("projet")
        return "-".join("".join(c if c.isalnum() or c == "-" else "_" for c in word) for word in words)

    @api.private
    def _data_file(self):
        """CSV, separated by semicolons: a number has a point, francs are whole; an empty value is no data."""
        self.ensure_one()
        company = self.company_id.sudo()
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow(HEADER)
        agreement = company.agreement_number or company.root_id.agreement_number or ""
        for data, form, parts in self._laid_out():
            for part in parts:
                for row in part.rows:
                    for cell in row.cells:
                        value = in_units(cell, part.unit)
                        number = "" if value is None else value if value == int(value) else f"{float(value):.6f}"
                        writer.writerow(
                            (company.name, agreement, self.scope, f"{self.date:%Y-%m-%d}", self.type_id.code,
                             form.code, data.get("version", ""), part.part, row.code, row.label, cell.key, number,
                             cell.text or "")
                        )  # fmt: skip
        return text.getvalue()
