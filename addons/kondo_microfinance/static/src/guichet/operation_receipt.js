import { Component, useRef } from "@odoo/owl";
import { spaced } from "./amount";
import { useCounterFocus } from "./focus";

/** The operation is posted: its receipt, and what may come next. */
export class OperationReceipt extends Component {
    static template = "kondo_microfinance.OperationReceipt";
    static props = { model: Object };

    setup() {
        this.spaced = spaced;
        useCounterFocus(this.props.model, "done", useRef("done"));
    }

    get receipt() {
        return this.props.model.operation.receipt;
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && ev.target === ev.currentTarget) {
            ev.preventDefault();
            this.props.model.startSearch();
        }
    }
}
