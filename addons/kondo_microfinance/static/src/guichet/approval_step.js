import { Component, useRef } from "@odoo/owl";
import { useCounterFocus } from "./focus";

/** The operation passes a limit: say why, ask the supervisor, wait for the decision. */
export class ApprovalStep extends Component {
    static template = "kondo_microfinance.ApprovalStep";
    static props = { model: Object };

    setup() {
        useCounterFocus(this.props.model, "motive", useRef("motive"));
        useCounterFocus(this.props.model, "waiting", useRef("waiting"));
    }

    get operation() {
        return this.props.model.operation;
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            this.operation.requestApproval();
        }
    }
}
