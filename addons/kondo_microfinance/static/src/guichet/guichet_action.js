import { Component, onMounted, onWillStart, onWillUnmount, useExternalListener, useState } from "@odoo/owl";
import { deserializeDate, deserializeDateTime, formatDate, today } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { spaced } from "./amount";
import { AccountList } from "./account_list";
import { GuichetModel } from "./guichet_model";
import { Lookup } from "./lookup";
import { MemberCard } from "./member_card";
import { OperationBox } from "./operation_box";
import { ParkedRequests } from "./parked_requests";
import { SessionOperations } from "./session_operations";

/**
 * The teller window.
 *
 * Keys: F2 search, F3 other operations, F4 last operations, Escape one step back, anything typed outside a field goes to the search.
 * After the member is found, a deposit of 25 000 takes 5 keystrokes when he has one account: `2 5 * Enter Enter`
 * (`*` or `k` is three zeros; deposit is the kind one starts with), and 6 when he has several: first the digit of the
 * account. Withdrawal adds `R`. `I` prints the receipt.
 */
export class GuichetAction extends Component {
    static template = "kondo_microfinance.Guichet";
    static components = { AccountList, Lookup, MemberCard, OperationBox, ParkedRequests, SessionOperations };
    static props = ["*"];

    setup() {
        this.action = useService("action");
        this.ui = useService("ui");
        this.model = useState(
            new GuichetModel({
                orm: this.env.services.orm,
                outbox: this.env.services.kondo_outbox,
                action: this.action,
                notification: this.env.services.notification,
            })
        );
        this.spaced = spaced;
        onWillStart(() => this.model.refresh());
        onMounted(() => this.model.operation.resume());
        onWillUnmount(() => this.model.stop());
        useExternalListener(window, "keydown", this.onKeydown, { capture: true });
        useExternalListener(window, "focus", () => this.model.refresh());
    }

    // ------------------------------------------------------------------ header
    get businessDate() {
        return formatDate(deserializeDate(this.model.session.business_date));
    }

    get isToday() {
        return deserializeDate(this.model.session.business_date).hasSame(today(), "day");
    }

    get openedAt() {
        return deserializeDateTime(this.model.session.opened_at).toFormat("HH:mm");
    }

    get isAboveCeiling() {
        const { ceiling, theoretical_cash } = this.model.session;
        return ceiling && theoretical_cash > ceiling;
    }

    get searchPlaceholder() {
        return _t("Search a member: number, name, phone, village…");
    }

    // ------------------------------------------------------------------ members
    searchMembers(query) {
        return this.model.ask("search_members", [query]);
    }

    /** Second line of an answer: what tells two members of one name apart. */
    memberLine(member) {
        return [member.birth_year, member.village, member.phone].filter(Boolean).join(" · ");
    }

    // ------------------------------------------------------------------ till
    openTill() {
        return this.action.doAction("kondo_microfinance.kondo_till_session_open_action", {
            onClose: () => this.model.refresh(),
        });
    }

    closeTill() {
        return this.action.doAction("kondo_microfinance.kondo_till_close_action", {
            onClose: () => this.model.refresh(),
        });
    }

    // ------------------------------------------------------------------ keys
    onKeydown(ev) {
        if (this.ui.activeElement !== document || ev.ctrlKey || ev.altKey || ev.metaKey || ev.isComposing) {
            return;
        }
        if (this.onWindowKey(ev)) {
            ev.preventDefault();
            ev.stopPropagation();
        }
    }

    /** @returns {boolean} whether the key was for the window */
    onWindowKey(ev) {
        const { model } = this;
        if (ev.key === "Enter" && ev.repeat) {
            return true; // a finger left on Enter confirms nothing
        }
        if (ev.key === "F3") {
            model.operation.openMenu();
            return true;
        }
        if (ev.key === "F2" || ev.key === "F4") {
            model.focusOn(ev.key === "F2" ? "search" : "operations");
            return true;
        }
        if (ev.target.closest?.("input, textarea, select, [contenteditable]") || ev.key.length !== 1 || ev.key === " ") {
            return false;
        }
        return this.onCounterKey(ev.key) || (model.startSearch(ev.key), true);
    }

    /** Escape from an empty search goes back to the operation. */
    onSearchKey(ev) {
        if (ev.key === "Escape") {
            this.model.focusOn(this.model.operation.focusName);
        }
    }

    /** A digit, a letter or I while no field has the cursor. */
    onCounterKey(key) {
        const { operation } = this.model;
        if (operation.step === "done" && key.toUpperCase() === "I") {
            this.model.printReceipt(operation.receipt.operation_id);
            return true;
        }
        if (operation.step === "menu") {
            return operation.pickOtherAt(Number(key) - 1);
        }
        if (operation.step === "account") {
            const kind = operation.kinds.find(({ letter }) => letter === key.toUpperCase());
            if (operation.onFormLetter(key)) {
                return true;
            }
            if (kind) {
                operation.pickKind(kind.kind);
            } else if (/[1-9]/.test(key)) {
                operation.pickAccountAt(Number(key) - 1);
            }
            return Boolean(kind) || /\d/.test(key);
        }
        return operation.isBusy || operation.step === "confirm";
    }
}

registry.category("actions").add("kondo_guichet", GuichetAction);
