import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { signed } from "./figures";

/**
 * What a member has, owes and guarantees, on the JSON field that `res.partner._kondo_situation` fills: one table a
 * section; a row opens the record it stands for.
 */
export class SituationField extends Component {
    static template = "kondo_microfinance.SituationField";
    static props = standardFieldProps;

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.signed = signed;
    }

    get situation() {
        return this.props.record.data[this.props.name] || { figures: [], sections: [] };
    }

    toneClass(tone) {
        return { danger: "table-danger", warning: "table-warning", muted: "text-muted" }[tone] ?? "";
    }

    open(row) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: row.model,
            res_id: row.id,
            views: [[false, "form"]],
        });
    }

    onKeydown(ev, row) {
        if (ev.key === "Enter") {
            this.open(row);
        }
    }

    async run(section) {
        const action = await this.orm.call("res.partner", section.action.method, [[this.props.record.resId]]);
        this.action.doAction(action);
    }
}

registry.category("fields").add("kondo_situation", {
    component: SituationField,
    displayName: _t("Situation of the member"),
    supportedTypes: ["json"],
});
