import { Component, useRef } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { spaced } from "./amount";
import { AmountInput } from "./amount_input";
import { ApprovalStep } from "./approval_step";
import { AwaitedAnswer } from "./awaited_answer";
import { useCounterFocus } from "./focus";
import { Lookup } from "./lookup";
import { OperationForm } from "./operation_form";
import { OperationMenu } from "./operation_menu";
import { OperationReceipt } from "./operation_receipt";

/** Where the operation is composed, shown in full, sent and answered. Every message stands in this box. */
export class OperationBox extends Component {
    static template = "kondo_microfinance.OperationBox";
    static components = { AmountInput, ApprovalStep, AwaitedAnswer, Lookup, OperationForm, OperationMenu, OperationReceipt };
    static props = { model: Object };

    setup() {
        this.spaced = spaced;
        useCounterFocus(this.props.model, "confirm", useRef("confirm"));
        useCounterFocus(this.props.model, "bearer", useRef("bearer"));
        useCounterFocus(this.props.model, "note", useRef("note"));
    }

    get operation() {
        return this.props.model.operation;
    }

    get isConfirming() {
        return ["confirm", "authorised"].includes(this.operation.step);
    }

    /** What stands in the way, said in amber while one types and in red once Enter was pressed. */
    get message() {
        const { message, preview } = this.operation;
        if (message) {
            return message;
        }
        const text = preview?.problems.join(" ") || (preview?.needs_approval && preview.message);
        return text ? { level: "warning", text } : null;
    }

    get targetPlaceholder() {
        return _t("Account that receives: number or name");
    }

    /** Rows of a preview: francs are spaced, words stand as they are. */
    shown({ value }) {
        return typeof value === "number" ? spaced(value) : value;
    }

    searchTargets(query) {
        return this.operation.searchTargets(query);
    }

    /** @param {"bearer"|"note"} name */
    onDetailKey(ev, name) {
        if (["Enter", "Escape"].includes(ev.key)) {
            ev.preventDefault();
            ev.stopPropagation();
            if (ev.key === "Escape") {
                this.operation.setDetail(name, "");
            }
            this.props.model.focusOn("amount");
        }
    }

    onKeydown(ev) {
        if (ev.key === "Escape") {
            ev.preventDefault();
            this.operation.back();
        }
    }
}
