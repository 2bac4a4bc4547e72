import { Component, useRef, useState } from "@odoo/owl";
import { useCounterFocus } from "./focus";

/** The operations that have a form of their own: a digit (see GuichetAction), or arrows and Enter, takes one. */
export class OperationMenu extends Component {
    static template = "kondo_microfinance.OperationMenu";
    static props = { model: Object };

    setup() {
        this.state = useState({ active: 0 });
        useCounterFocus(this.props.model, "menu", useRef("root"));
    }

    get operation() {
        return this.props.model.operation;
    }

    onKeydown(ev) {
        const { others } = this.operation;
        const step = { ArrowDown: 1, ArrowUp: -1 }[ev.key];
        if (step) {
            this.state.active = Math.min(Math.max(this.state.active + step, 0), others.length - 1);
        } else if (ev.key === "Enter" && others[this.state.active]) {
            this.operation.pickOther(others[this.state.active]);
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }
}
