import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useAutofocus } from "@web/core/utils/hooks";
import { spaced } from "./amount";

/** The teller says why an operation should be undone; the manager decides. */
export class ReversalDialog extends Component {
    static template = "kondo_microfinance.ReversalDialog";
    static components = { Dialog };
    static props = { operation: Object, onConfirm: Function, close: Function };

    setup() {
        this.state = useState({ reason: "" });
        this.title = _t("Ask for a reversal");
        this.spaced = spaced;
        useAutofocus();
    }

    confirm() {
        const reason = this.state.reason.trim();
        if (reason) {
            this.props.close();
            this.props.onConfirm(reason);
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.confirm();
        }
    }
}
