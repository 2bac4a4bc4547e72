import { Component, onWillStart, useExternalListener, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * A sitting of the credit committee on the projector: a page for the members who are there, one for each file, one for
 * what was decided. Pages turn with the arrows and with the two keys of a presenter's remote.
 */
export class CommitteeProjector extends Component {
    static template = "kondo_microfinance.CommitteeProjector";
    static props = { ...standardActionServiceProps };
    static displayName = _t("Credit committee");

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.committeeId = this.props.action.context.active_id;
        this.state = useState({ sitting: null, page: 0, busy: false });
        onWillStart(async () => {
            await this.load();
            const { sitting } = this.state;
            // members are ticked once: a sitting that goes on opens on the first file that waits
            this.state.page = sitting && sitting.present ? this.nextWaiting(0) : 0;
        });
        useExternalListener(window, "keydown", this.onKeydown);
    }

    async load() {
        if (this.committeeId) {
            this.state.sitting = await this.orm.call("kondo.loan.committee", "projector", [[this.committeeId]]);
            this.state.page = Math.min(this.state.page, this.last);
        }
    }

    // ------------------------------------------------------------------ pages: 0 members, 1..n files, n + 1 decisions
    get last() {
        return this.state.sitting.files.length + 1;
    }

    get file() {
        return this.state.sitting.files[this.state.page - 1];
    }

    get waiting() {
        return this.state.sitting.files.filter((file) => file.waits).length;
    }

    get quorumReached() {
        return this.state.sitting.quorum && this.state.sitting.present >= this.state.sitting.quorum;
    }

    /** Page of the first file that waits after page `from`, else before it, else the decisions. */
    nextWaiting(from) {
        const { files } = this.state.sitting;
        const later = files.findIndex((file, index) => file.waits && index + 1 > from);
        const first = files.findIndex((file) => file.waits);
        return (later >= 0 ? later : first >= 0 ? first : files.length) + 1;
    }

    turn(step) {
        this.state.page = Math.max(0, Math.min(this.last, this.state.page + step));
    }

    onKeydown(ev) {
        if (!this.state.sitting || ev.target.closest("input, textarea, select, .modal")) {
            return;
        }
        if (document.querySelector(".modal.show, .o_dialog .modal")) {
            return;
        }
        const step = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[ev.key];
        if (step) {
            ev.preventDefault();
            this.turn(step);
        }
    }

    toggleFullScreen() {
        if (document.fullscreenElement) {
            document.exitFullscreen();
        } else {
            // dialogs are drawn beside this screen: the whole document goes full screen
            document.documentElement.requestFullscreen();
        }
    }

    // ------------------------------------------------------------------ actions
    async setPresent(member, present) {
        this.state.busy = true;
        try {
            await this.orm.write("kondo.loan.attendance", [member.id], { present });
        } finally {
            this.state.busy = false;
            await this.load();
        }
    }

    decide(decision) {
        const file = this.file;
        this.action.doAction("kondo_microfinance.kondo_loan_decide_action", {
            additionalContext: {
                default_loan_id: file.id,
                default_decision: decision,
                default_committee_id: this.committeeId,
                kondo_projector: true,
            },
            onClose: async () => {
                await this.load();
                const same = this.state.sitting.files.find((other) => other.id === file.id);
                if (!same || !same.waits) {
                    this.state.page = this.nextWaiting(this.state.page);
                }
            },
        });
    }

    openFile() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "kondo.loan",
            res_id: this.file.id,
            views: [[false, "form"]],
        });
    }

    openSitting() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "kondo.loan.committee",
            res_id: this.committeeId,
            views: [[false, "form"]],
        });
    }

    async sign() {
        await this.orm.call("kondo.loan.committee", "action_close", [[this.committeeId]]);
        await this.load();
    }

    async printMinutes() {
        const report = await this.orm.call("kondo.loan.committee", "action_print_minutes", [[this.committeeId]]);
        await this.action.doAction(report);
    }

    toneClass(tone) {
        return { danger: "text-danger fw-bold", warning: "text-warning fw-bold", success: "text-success fw-bold", strong: "fw-bold", muted: "text-muted" }[tone] ?? "";
    }
}

registry.category("actions").add("kondo_committee", CommitteeProjector);
