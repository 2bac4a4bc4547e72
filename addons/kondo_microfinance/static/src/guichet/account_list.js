import { Component, useRef } from "@odoo/owl";
import { spaced } from "./amount";
import { useCounterFocus } from "./focus";

/** The member's accounts, numbered: a digit or an arrow takes one. */
export class AccountList extends Component {
    static template = "kondo_microfinance.AccountList";
    static props = { model: Object };

    setup() {
        this.root = useRef("root");
        this.spaced = spaced;
        useCounterFocus(this.props.model, "accounts", this.root);
    }

    onKeydown(ev) {
        const { operation } = this.props.model;
        if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            ev.preventDefault();
            operation.moveAccount(ev.key === "ArrowDown" ? 1 : -1);
        } else if (ev.key === "Escape") {
            ev.preventDefault();
            operation.back();
        }
    }
}
