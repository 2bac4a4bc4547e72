import { Component, useRef } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { spaced } from "./amount";
import { COIN_CELLS, NOTE_CELLS, totalOf } from "./denominations";

/**
 * Notes and coins counted by denomination, on a JSON field {key: pieces}. The total grows as one types; Enter and the
 * arrows go through the cells, and Enter in the last one leads to the main button of the window.
 */
export class CashCountField extends Component {
    static template = "kondo_microfinance.CashCountField";
    static props = standardFieldProps;

    setup() {
        this.root = useRef("root");
        this.spaced = spaced;
        this.columns = [
            { title: _t("Banknotes"), cells: NOTE_CELLS },
            { title: _t("Coins"), cells: COIN_CELLS },
        ];
    }

    get counts() {
        return this.props.record.data[this.props.name] || {};
    }

    get total() {
        return totalOf([...NOTE_CELLS, ...COIN_CELLS], this.counts);
    }

    /** The first cell answers for the field: its label and `default_focus` lead there. */
    cellId({ key }) {
        return key === NOTE_CELLS[0].key ? this.props.id : `${this.props.id}_${key}`;
    }

    totalOf(cells) {
        return totalOf(cells, this.counts);
    }

    onInput(ev, key) {
        const digits = ev.target.value.replace(/\D/g, "").slice(0, 6);
        ev.target.value = digits;
        const { [key]: before, ...others } = this.counts;
        const counts = Number(digits) ? { ...others, [key]: Number(digits) } : others;
        this.props.record.update({ [this.props.name]: counts });
    }

    onKeydown(ev) {
        const steps = { Enter: 1, ArrowDown: 1, ArrowUp: -1 };
        const cells = [...this.root.el.querySelectorAll("input")];
        if (ev.key in steps) {
            ev.preventDefault();
            ev.stopPropagation();
            const next = cells[cells.indexOf(ev.target) + steps[ev.key]];
            if (next) {
                next.focus();
                next.select();
            } else if (ev.key === "Enter") {
                const form = ev.target.closest(".modal") ?? ev.target.closest(".o_form_view");
                form.querySelector("footer .btn-primary")?.focus();
            }
        }
    }
}

registry.category("fields").add("kondo_cash_count", {
    component: CashCountField,
    displayName: _t("Cash count"),
    supportedTypes: ["json"],
});
