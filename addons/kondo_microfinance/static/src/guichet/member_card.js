import { Component } from "@odoo/owl";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

/** Who stands at the counter: face, signature, identity, mandataries, and what the teller must know first. */
export class MemberCard extends Component {
    static template = "kondo_microfinance.MemberCard";
    static props = { member: { type: [Object, { value: null }] } };

    get identity() {
        const { sex, birth_label, age } = this.props.member;
        const sexes = { female: _t("Woman"), male: _t("Man") };
        const years = age ? _t("%s years", age) : "";
        return [sexes[sex], birth_label, years].filter(Boolean).join(" · ");
    }

    get group() {
        const { women_count: women, men_count: men } = this.props.member;
        return women || men ? _t("%(women)s women, %(men)s men", { women: women || 0, men: men || 0 }) : "";
    }

    badge(alert) {
        return alert.level === "red" ? "text-bg-danger" : "text-bg-warning";
    }

    until(mandate) {
        return mandate.until && formatDate(deserializeDate(mandate.until));
    }
}
