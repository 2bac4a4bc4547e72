import { Component, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** The operation has left and its answer is not there: what is being done about it. */
export class AwaitedAnswer extends Component {
    static template = "kondo_microfinance.AwaitedAnswer";
    static props = {};

    setup() {
        this.outbox = useState(useService("kondo_outbox"));
    }

    get reason() {
        const reasons = {
            connection: _t("Answer lost, asking again… The operation is posted once only."),
            login: _t("Your login has expired. Sign in again: the operation is kept and asked again."),
            server: _t("The server stumbled, asking again… The operation is posted once only."),
        };
        return reasons[this.outbox.awaited.fault];
    }

    signIn() {
        browser.location.reload();
    }
}
