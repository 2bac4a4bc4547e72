import { Component, useRef } from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";
import { spaced } from "./amount";
import { useCounterFocus } from "./focus";
import { ReversalDialog } from "./reversal_dialog";

/** The last operations of the session: printed again, or handed to the manager to be undone. */
export class SessionOperations extends Component {
    static template = "kondo_microfinance.SessionOperations";
    static props = { model: Object };

    setup() {
        this.dialog = useService("dialog");
        this.root = useRef("root");
        this.spaced = spaced;
        const root = this.root;
        useCounterFocus(this.props.model, "operations", {
            get el() {
                return root.el?.querySelector("button");
            },
        });
    }

    time(operation) {
        return deserializeDateTime(operation.time).toFormat("HH:mm");
    }

    askReversal(operation) {
        this.dialog.add(ReversalDialog, {
            operation,
            onConfirm: (reason) => this.props.model.requestReversal(operation, reason),
        });
    }

    /** Arrows walk through the buttons, Escape goes back to the search. */
    onKeydown(ev) {
        const buttons = [...this.root.el.querySelectorAll("button")];
        const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 };
        if (ev.key in steps) {
            ev.preventDefault();
            buttons[buttons.indexOf(document.activeElement) + steps[ev.key]]?.focus();
        } else if (ev.key === "Escape") {
            ev.preventDefault();
            this.props.model.startSearch();
        }
    }
}
