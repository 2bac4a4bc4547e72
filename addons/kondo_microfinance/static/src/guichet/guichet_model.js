import { markRaw } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { ApprovalWatch } from "./approval_watch";
import { sentenceOf } from "./faults";
import { OperationModel } from "./operation_model";

const RECEIPTS = {
    80: "kondo_microfinance.action_report_receipt_80",
    a5: "kondo_microfinance.action_report_receipt_a5",
};

/** What stands on the counter: the session, the member, where the cursor is. No component, no DOM. */
export class GuichetModel {
    /** @param {Object} services orm, outbox, action, notification */
    constructor(services) {
        this.services = markRaw(services);
        this.watch = markRaw(new ApprovalWatch((id) => this.ask("approval_status", [id])));
        /** undefined while loading, null when the teller has no till open */
        this.session = undefined;
        this.fault = "";
        this.operations = [];
        this.member = null;
        /** Operations that wait for a supervisor while other members are served */
        this.parked = [];
        this.typed = "";
        this.focus = { name: "search", turn: 0 };
        this.operation = new OperationModel(this);
    }

    /** Call a method of the model `kondo.teller`. */
    ask(method, args = []) {
        return this.services.orm.silent.call("kondo.teller", method, args);
    }

    // ------------------------------------------------------------------ session
    stop() {
        this.stopped = true;
        this.watch.stop();
        this.operation.stop();
    }

    /** The session and its last operations. */
    async refresh() {
        try {
            const [session, operations] = await Promise.all([
                this.ask("current_session"),
                this.ask("session_operations"),
            ]);
            Object.assign(this, { session: session || null, operations, fault: "" });
        } catch (error) {
            this.fault = sentenceOf(error);
        }
    }

    // ------------------------------------------------------------------ member
    get accounts() {
        return this.member?.accounts ?? [];
    }

    /** What the member has in shares, one row for each kind of share. */
    get shares() {
        return this.member?.shares ?? [];
    }

    async pickMember(memberId) {
        if (this.operation.isBusy) {
            return;
        }
        try {
            const member = await this.ask("member_card", [memberId]);
            this.operation.leave();
            this.member = member;
            this.operation.begin();
        } catch (error) {
            this.operation.say("danger", sentenceOf(error));
        }
    }

    /** Balances and alerts of the member at the counter, after an operation. */
    async refreshMember() {
        const member = this.member;
        const card = member && (await this.ask("member_card", [member.id]).catch(() => null));
        if (card && this.member?.id === member.id) {
            this.member = card;
        }
    }

    // ------------------------------------------------------------------ supervisor
    /** A supervisor has spoken, about the operation in the box or about one put aside. */
    approvalDecided(approvalId, { state, reason, decided_by: person }) {
        const approved = state === "approved";
        const text = approved ? _t("Authorised by %s.", person) : _t("Refused by %s.", person);
        const decision = { step: approved ? "authorised" : "refused", text: `${text} ${approved ? "" : reason}`.trim() };
        const parked = this.parked.find((request) => request.approvalId === approvalId);
        if (parked) {
            parked.decision = decision;
        } else if (this.operation.approvalId === approvalId) {
            this.operation.decide(decision);
        }
    }

    async takeUp(request) {
        if (request.memberId) {
            await this.pickMember(request.memberId);
        }
        if ((!request.memberId || this.member?.id === request.memberId) && !this.operation.isBusy) {
            this.dropRequest(request);
            this.operation.takeUp(request);
        }
    }

    dropRequest(request) {
        this.parked = this.parked.filter(({ approvalId }) => approvalId !== request.approvalId);
    }

    // ------------------------------------------------------------------ cursor
    /** @param {string} [typed] the first letter of the next search */
    startSearch(typed = "") {
        this.typed = typed;
        this.focusOn("search");
    }

    /** Where an answer that came by itself puts the cursor: nowhere, when the next member is being searched. */
    focusUnlessSearching(name) {
        if (this.focus.name !== "search") {
            this.focusOn(name);
        }
    }

    focusOn(name) {
        this.focus = { name, turn: this.focus.turn + 1 };
    }

    // ------------------------------------------------------------------ operations of the session
    printReceipt(operationId, paper = "80") {
        return this.services.action.doAction(RECEIPTS[paper], {
            additionalContext: { active_model: "kondo.operation", active_id: operationId, active_ids: [operationId] },
        });
    }

    /** A reversal belongs to a second person: the teller asks, the manager carries it out. */
    async requestReversal(operation, reason) {
        try {
            const values = { operation_id: operation.id };
            const { approval_id } = await this.ask("request_approval", ["reversal", values, reason]);
            operation.reversalAsked = true;
            this.watch.follow(approval_id, (status) => this._reversalDecided(operation, status));
        } catch (error) {
            this.services.notification.add(sentenceOf(error), { type: "danger" });
        }
    }

    _reversalDecided({ receipt_number: receipt }, { state, reason, decided_by: person }) {
        const refused = state === "refused";
        const text = refused
            ? _t("Reversal of %(receipt)s refused by %(person)s.", { receipt, person })
            : _t("%(receipt)s was reversed by %(person)s.", { receipt, person });
        this.services.notification.add(reason ? `${text} ${reason}` : text, { type: refused ? "warning" : "success" });
        this.refresh();
        this.refreshMember();
    }
}
