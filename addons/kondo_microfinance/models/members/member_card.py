from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """What somebody at the counter must see of a member at once."""

    _inherit = "res.partner"

    document_state = fields.Selection(
        [("valid", "Valid document"), ("expired", "Expired document"), ("missing", "No document")],
        string="Identity",
        compute="_compute_document_state",
        search="_search_document_state",
    )
    alert_badges = fields.Html(compute="_compute_alert_badges", sanitize=False)

    # ------------------------------------------------------------------ documents
    @api.depends("id_numbers.valid_until", "id_numbers.active", "id_numbers.category_id.proves_identity")
    @api.depends_context("tz")
    def _compute_document_state(self):
        for partner in self:
            proofs = partner.id_numbers.filtered(
                lambda document: document.active and document.category_id.proves_identity
            )
            if not partner.is_kondo_member and not proofs:
                partner.document_state = False
            elif not proofs:
                partner.document_state = "missing"
            else:
                partner.document_state = "expired" if all(proof.is_expired for proof in proofs) else "valid"

    def _search_document_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        proves = Domain("active", "=", True) & Domain("category_id.proves_identity", "=", True)
        today = fields.Date.context_today(self)
        some = Domain("id_numbers", "any", proves)
        valid = Domain(
            "id_numbers", "any", proves & (Domain("valid_until", "=", False) | Domain("valid_until", ">=", today))
        )
        states = {"valid": valid, "expired": some & ~valid, "missing": Domain("is_kondo_member", "=", True) & ~some}
        return Domain.OR(states[state] for state in value if state in states)

    # ------------------------------------------------------------------ alerts
    def _kondo_alerts(self):
        """What to look at (amber) and what blocks (red), in words. Each room of the add-on adds its own."""
        self.ensure_one()
        states = dict(self._fields["member_state"]._description_selection(self.env))
        alerts = []
        if self.member_state in ("resigned", "excluded", "deceased"):
            alerts.append({"level": "red", "text": states[self.member_state]})
        elif self.member_state == "applicant":
            alerts.append({"level": "amber", "text": self.env._("Not admitted yet")})
        if self.document_state == "missing":
            alerts.append({"level": "amber", "text": self.env._("No identity document")})
        elif self.document_state == "expired":
            alerts.append({"level": "amber", "text": self.env._("Identity document expired")})
        warnings = self.id_numbers.filtered("format_warning")
        if warnings:
            alerts.append({"level": "amber", "text": self.env._("NINA to check")})
        if self.is_pep:
            alerts.append({"level": "amber", "text": self.env._("Politically exposed")})
        if not self._has_image("specimen_signature"):
            alerts.append({"level": "amber", "text": self.env._("No specimen")})
        return alerts

    @api.depends("member_state", "document_state", "is_pep", "specimen_signature", "id_numbers.format_warning")
    @api.depends_context("lang", "tz")
    def _compute_alert_badges(self):
        colours = {"red": "text-bg-danger", "amber": "text-bg-warning"}
        for partner in self:
            alerts = partner._kondo_alerts() if partner.is_kondo_member else []
            partner.alert_badges = Markup().join(
                Markup('<span class="badge rounded-pill me-1 %s">%s</span>') % (colours[alert["level"]], alert["text"])
                for alert in alerts
            )

    # ------------------------------------------------------------------ card
    @api.private
    def _kondo_card(self):
        """Identity, alerts and mandataries of a member for the teller window (accounts are added there)."""
        self.ensure_one()
        return {
            "id": self.id,
            "number": self.member_number,
            "name": self.name,
            "kind": self.member_kind,
            "sex": self.sex or False,
            "birth_year": self.birth_year or False,
            "birth_label": self.birth_label or False,
            "age": self.age or False,
            "village": self.village_id.name or False,
            "phone": self.phone or self.phone2 or False,
            "profession": self.profession or False,
            "state": self.member_state,
            "photo_url": self._image_url("image_256"),
            "signature_url": self._image_url("specimen_signature"),
            "specimen_kind": self.specimen_kind or False,
            "alerts": self._kondo_alerts(),
            "mandates": [mandate._card() for mandate in self.mandate_ids.filtered("is_current")],
            "women_count": self.women_count,
            "men_count": self.men_count,
        }

    def _has_image(self, name):
        return bool(self.with_context(bin_size=True)[name])

    def _image_url(self, name):
        """Address of an image that changes when the record does, or False when there is none."""
        if not self._has_image(name):
            return False
        return f"/web/image/{self._name}/{self.id}/{name}?unique={self.write_date:%Y%m%d%H%M%S}"

    # ------------------------------------------------------------------ transfers
    def _transfer_identity(self):
        """One line by which the receiving caisse recognises the person."""
        self.ensure_one()
        sexes = dict(self._fields["sex"]._description_selection(self.env))
        facts = [sexes.get(self.sex), self.birth_label, self.village_id.name, self.profession]
        return " · ".join(fact for fact in facts if fact)

    def action_request_transfer(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Transfer to another caisse"),
            "res_model": "kondo.member.transfer",
            "view_mode": "form",
            "context": {"default_partner_id": self.id},
        }

    def action_open_transfers(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Transfers of %(name)s", name=self.name),
            "res_model": "kondo.member.transfer",
            "view_mode": "list,form",
            "domain": [("partner_id", "=", self.id)],
        }
