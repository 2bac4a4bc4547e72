import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { spaced } from "./amount";
import { sentenceOf } from "./faults";
import { OperationFormModel } from "./operation_form_model";
import { operationKinds } from "./operation_kinds";

const PREVIEW_DELAY = 150;

/**
 * The operation being made for the member at the counter.
 *
 * `step` says where it is:
 *
 * - member: nobody is at the counter
 * - account: a member without a chosen account
 * - menu: the operations with a form of their own are offered
 * - edit: the amount, or the form, is filled in; the preview follows
 * - checking: Enter was pressed, the preview is on its way
 * - confirm: shown in full, Enter posts it
 * - sending: posted, the answer is awaited (see Outbox)
 * - done: posted, the receipt is offered
 * - motive, asking, waiting, authorised: a supervisor is needed, is being asked, has been asked, has agreed
 */
export class OperationModel {
    /** @param {import("./guichet_model").GuichetModel} guichet */
    constructor(guichet) {
        this.guichet = guichet;
        this.accountId = null;
        this.kind = operationKinds.getEntries()[0][0];
        this._clear("member");
    }

    // ------------------------------------------------------------------ what it is
    get kinds() {
        return operationKinds.getEntries().map(([kind, entry]) => ({ kind, ...entry }));
    }

    get kindEntry() {
        return this.form ?? operationKinds.get(this.kind);
    }

    get account() {
        return this.guichet.accounts.find((account) => account.id === this.accountId) ?? null;
    }

    get isBusy() {
        return this.step === "sending";
    }

    /** Whether the amount stands open: also while its check is on the way. */
    get isEditable() {
        return ["edit", "checking"].includes(this.step);
    }

    /** Whether account and kind may still be changed. */
    get isOpen() {
        return ["account", "menu", "edit", "done"].includes(this.step);
    }

    /** Where the cursor belongs at this step. */
    get focusName() {
        const names = { account: "accounts", edit: "amount", authorised: "confirm", member: "search" };
        return this.form && this.step === "edit" ? "form" : names[this.step] ?? this.step;
    }

    /** Francs of the operation, as far as they are known. */
    get total() {
        return this.form ? this.preview?.amount ?? this.form.amount : this.amount;
    }

    get isComplete() {
        if (this.form) {
            return !this.form.missing;
        }
        return Boolean(this.account && this.amount && (!this.kindEntry.target || this.counter));
    }

    get values() {
        const { session, member } = this.guichet;
        if (this.form) {
            const holder = this.form.member ? { partner_id: member.id } : {};
            return { session_id: session.session_id, ...holder, ...this.form.payload };
        }
        const values = { session_id: session.session_id, account_id: this.accountId, amount: this.amount };
        if (this.counter) {
            values.counter_account_id = this.counter.id;
        }
        for (const name of ["bearer", "note"]) {
            if (this[name].trim()) {
                values[name] = this[name].trim();
            }
        }
        return values;
    }

    get summary() {
        return _t("%(kind)s of %(amount)s FCFA · %(member)s", {
            kind: this.kindEntry.label,
            amount: spaced(this.total),
            member: this.guichet.member?.name ?? "",
        });
    }

    // ------------------------------------------------------------------ composing it
    /** Another member comes: what waits for a supervisor is put aside. */
    leave() {
        if (["waiting", "authorised"].includes(this.step)) {
            this.guichet.parked.push(this._request());
        }
    }

    /** A member has come to the counter: his only usable account is taken, else he is asked which. */
    begin() {
        this.kind = this.kinds[0].kind;
        this.accountId = null;
        this._clear("account");
        const usable = this.guichet.accounts.filter((account) => account.usable);
        if (usable.length === 1) {
            this.pickAccount(usable[0].id);
        } else {
            this.guichet.focusOn("accounts");
        }
    }

    pickAccount(accountId) {
        if (!this.isOpen) {
            return;
        }
        this.accountId = accountId;
        this._leaveForm();
        if (this.counter?.id === accountId) {
            this.counter = null;
        }
        this._edited();
        this._focusMissing();
    }

    pickAccountAt(index) {
        const account = this.guichet.accounts[index];
        if (account) {
            this.pickAccount(account.id);
        }
    }

    moveAccount(by) {
        const { accounts } = this.guichet;
        const present = accounts.findIndex((account) => account.id === this.accountId);
        this.pickAccountAt(Math.min(Math.max(present + by, 0), accounts.length - 1));
    }

    pickKind(kind) {
        if (!this.isOpen) {
            return;
        }
        this.kind = kind;
        this.form = null;
        if (!this.kindEntry.target) {
            this.counter = null;
        }
        if (this.account) {
            this.pickAccount(this.accountId);
        }
    }

    /** Offer the operations that have a form of their own; `kind` takes one of them at once. */
    async openMenu(kind) {
        if (!this.isOpen && this.step !== "member") {
            return;
        }
        this._clear("menu");
        this.guichet.focusOn("menu");
        const { member } = this.guichet;
        try {
            const others = await this.guichet.ask("other_operations", [member?.id ?? null]);
            // the same person: his card may have been read again meanwhile
            if (this.step === "menu" && this.guichet.member?.id === member?.id) {
                this.others = others;
                const only = kind && others.find((other) => other.kind === kind);
                if (only) {
                    this.pickOther(only);
                } else {
                    this.guichet.focusOn("menu");
                }
            }
        } catch (error) {
            this._leaveForm();
            this.step = this.guichet.member ? "account" : "member";
            this.say("danger", sentenceOf(error));
        }
    }

    /** @returns {boolean} whether the letter opens a form: A for all of them, P for shares */
    onFormLetter(letter) {
        const kinds = { A: null, P: "share_payment" };
        const known = letter.toUpperCase() in kinds;
        if (known) {
            this.openMenu(kinds[letter.toUpperCase()]);
        }
        return known;
    }

    pickOther(descriptor) {
        this.form = new OperationFormModel(descriptor);
        this.kind = descriptor.kind;
        this._edited();
        this.guichet.focusOn("form");
    }

    /** @returns {boolean} whether there was one at that place of the menu */
    pickOtherAt(index) {
        const other = this.others?.[index];
        if (other) {
            this.pickOther(other);
        }
        return Boolean(other);
    }

    setField(name, value) {
        this.form.set(name, value);
        this._edited();
    }

    /** Back to the kinds of an account and an amount. */
    _leaveForm() {
        if (this.form || !operationKinds.contains(this.kind)) {
            this.form = null;
            this.kind = this.kinds[0].kind;
        }
    }

    pickCounter(counter) {
        this.counter = counter;
        this._edited();
        this._focusMissing();
    }

    setAmount(amount) {
        this.amount = amount;
        this._edited();
    }

    /** @param {"bearer"|"note"} name */
    setDetail(name, text) {
        this[name] = text;
        this._edited();
    }

    /** Accounts a transfer may go to: the member's own others, or what the search finds. */
    async searchTargets(query) {
        const { accounts, member } = this.guichet;
        const found = query
            ? await this.guichet.ask("find_account", [query])
            : accounts.map((account) => ({ ...account, member_name: member.name }));
        return found.filter((account) => account.id !== this.accountId && account.usable);
    }

    _edited() {
        this.step = "edit";
        this.message = null;
        this.receipt = null;
        this.preview = null;
        this.previewTurn++;
        browser.clearTimeout(this.previewTimer);
        if (this.isComplete) {
            this.previewTimer = browser.setTimeout(() => this._preview(), PREVIEW_DELAY);
        }
    }

    _focusMissing() {
        this.guichet.focusOn(this.kindEntry.target && !this.counter ? "target" : "amount");
    }

    async _preview() {
        browser.clearTimeout(this.previewTimer);
        const turn = this.previewTurn;
        try {
            const preview = await this.guichet.ask("preview", [this.kind, this.values]);
            if (turn === this.previewTurn) {
                this.preview = preview;
            }
        } catch (error) {
            if (turn === this.previewTurn && this.isEditable) {
                this.step = "edit";
                this.say("danger", sentenceOf(error));
            }
        }
    }

    // ------------------------------------------------------------------ the two Enters
    /** From the amount: show the operation in full, or say in one sentence what is wrong with it. */
    async proceed() {
        if (this.step !== "edit") {
            return;
        }
        if (this.form?.missing) {
            this.say("warning", _t("Fill in: %s.", this.form.missing.label));
            this.guichet.focusOn("form");
            return;
        }
        if (!this.isComplete) {
            const text = this.kindEntry.target && !this.counter
                ? _t("Choose the account that receives the transfer.")
                : _t("Type the amount first.");
            this.say("warning", text);
            this._focusMissing();
            return;
        }
        this.step = "checking";
        this.message = null;
        if (!this.preview) {
            await this._preview();
        }
        if (this.step !== "checking") {
            return;
        }
        if (this.preview.problems.length) {
            this._refuse(this.preview.problems.join(" "));
        } else if (this.preview.needs_approval) {
            this._needSupervisor(this.preview.message);
        } else {
            this.step = "confirm";
            this.guichet.focusOn("confirm");
        }
    }

    /** From the full view: send it, once. */
    async confirm() {
        if (!["confirm", "authorised"].includes(this.step)) {
            return;
        }
        this.step = "sending";
        const values = this.approvalId ? { ...this.values, approval_id: this.approvalId } : this.values;
        this._conclude(await this.guichet.services.outbox.post(this.kind, values, this.summary));
    }

    /** Ask again for the answers that an earlier page did not see, and show each outcome. */
    async resume() {
        const { outbox } = this.guichet.services;
        for (const entry of outbox.stored()) {
            this.step = "sending";
            this._conclude(await outbox.deliver(entry), entry.summary);
        }
    }

    /** @param {string} [recovered] summary of an operation that an earlier page had sent */
    _conclude({ status, answer, message }, recovered) {
        if (this.stopped || !this.guichet.session) {
            const text = answer ? _t("Posted, receipt %s.", answer.receipt_number) : message;
            this.guichet.services.notification.add(text, { type: answer ? "success" : "warning" });
        } else if (status === "posted") {
            this._done(answer, recovered);
        } else if (status === "approval" && !recovered) {
            this._needSupervisor(message);
        } else {
            this._refuse(recovered ? `${recovered} — ${message}` : message);
            this.guichet.refresh();
        }
    }

    _refuse(text) {
        this.step = this.account || this.form ? "edit" : "member";
        this.approvalId = null;
        this.say("danger", text);
        this.guichet.focusUnlessSearching(this.focusName);
    }

    _done(answer, recovered) {
        this._clear("done");
        this._leaveForm();
        this.receipt = { ...answer, recovered: recovered ?? "" };
        this.guichet.focusUnlessSearching("done");
        this.guichet.refresh();
        this.guichet.refreshMember();
    }

    // ------------------------------------------------------------------ supervisor
    _needSupervisor(text) {
        this.step = "motive";
        this.say("warning", text);
        this.guichet.focusOn("motive");
    }

    async requestApproval() {
        if (this.step !== "motive") {
            return;
        }
        if (!this.motive.trim()) {
            this.guichet.focusOn("motive");
            return;
        }
        this.step = "asking";
        try {
            const { approval_id } = await this.guichet.ask("request_approval", [this.kind, this.values, this.motive]);
            this.step = "waiting";
            this.message = null;
            this.approvalId = approval_id;
            this.guichet.focusOn("waiting");
            this.guichet.watch.follow(approval_id, (status) => this.guichet.approvalDecided(approval_id, status));
        } catch (error) {
            this._needSupervisor(sentenceOf(error));
        }
    }

    /** @param {{ step: string, text: string }} decision step "waiting", "authorised" or "refused" */
    decide({ step, text }) {
        if (step === "refused") {
            this._refuse(text);
        } else {
            this.step = step;
            this.message = text ? { level: "success", text } : null;
            this.guichet.focusUnlessSearching(this.focusName);
        }
    }

    /** The operation that waits for a supervisor, to be put aside while the next member is served. */
    _request() {
        const { kind, accountId, amount, counter, form, bearer, note, motive, approvalId, step, summary } = this;
        const text = step === "authorised" ? this.message.text : "";
        const made = { kind, accountId, amount, counter, form, bearer, note, motive, approvalId };
        return { made, decision: { step, text }, approvalId, summary, memberId: this.guichet.member?.id };
    }

    /** Take up an operation that was put aside; its member stands at the counter again. */
    takeUp({ made, decision }) {
        Object.assign(this, made);
        this._preview();
        this.guichet.focusOn("waiting");
        this.decide(decision);
    }

    // ------------------------------------------------------------------ going back
    /** Escape: one step back with the amount kept, then an empty amount, then the search. */
    back() {
        if (["confirm", "motive", "waiting", "authorised"].includes(this.step)) {
            this.guichet.watch.drop(this.approvalId);
            this.approvalId = null;
            this._edited();
            this.guichet.focusOn(this.focusName);
        } else if (this.step === "edit" && this.form) {
            this.openMenu();
        } else if (this.step === "menu" && this.account) {
            this.pickAccount(this.accountId);
        } else if (this.step === "menu" && this.guichet.member) {
            this.begin();
        } else if (this.step === "done" && this.account) {
            this.pickAccount(this.accountId);
        } else if (this.step === "edit" && this.amount) {
            this.setAmount(0);
            this.guichet.focusOn("amount");
        } else if (!this.isBusy) {
            if (this.step === "menu") {
                this._leaveForm();
                this.step = "member";
            }
            this.guichet.startSearch();
        }
    }

    stop() {
        this.stopped = true;
        browser.clearTimeout(this.previewTimer);
    }

    // ------------------------------------------------------------------ helpers
    /** @param {"success"|"warning"|"danger"} level */
    say(level, text) {
        this.message = { level, text };
    }

    _clear(step) {
        browser.clearTimeout(this.previewTimer);
        Object.assign(this, {
            step,
            amount: 0,
            counter: null,
            form: null,
            others: null,
            bearer: "",
            note: "",
            motive: "",
            preview: null,
            previewTurn: (this.previewTurn ?? 0) + 1,
            message: null,
            receipt: null,
            approvalId: null,
        });
    }
}
