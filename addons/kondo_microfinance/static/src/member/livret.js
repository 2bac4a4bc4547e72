import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { Pager } from "@web/core/pager/pager";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { signed } from "./figures";

const LIMIT = 40;

/** A member's movements as in a passbook, of one account or of all, the newest first, a page at a time. */
export class Livret extends Component {
    static template = "kondo_microfinance.Livret";
    static components = { Pager };
    static props = standardWidgetProps;

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.signed = signed;
        this.limit = LIMIT;
        this.state = useState({ accountId: false, offset: 0, accounts: [], rows: [], total: 0 });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps((next) => {
            if (next.record.resId !== this.props.record.resId) {
                Object.assign(this.state, { accountId: false, offset: 0 });
                return this.load(next.record.resId);
            }
        });
    }

    async load(partnerId = this.props.record.resId) {
        if (!partnerId) {
            return;
        }
        const { accountId, offset } = this.state;
        const answer = await this.orm.call("res.partner", "livret", [[partnerId], accountId, offset, LIMIT]);
        if (accountId === this.state.accountId && offset === this.state.offset) {
            Object.assign(this.state, answer);
        }
    }

    onAccount(ev) {
        Object.assign(this.state, { accountId: Number(ev.target.value) || false, offset: 0 });
        this.load();
    }

    onPage({ offset }) {
        this.state.offset = offset;
        this.load();
    }

    open(row) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "kondo.operation",
            res_id: row.operation_id,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("kondo_livret", { component: Livret });
