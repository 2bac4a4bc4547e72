import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { parseAmount, spaced } from "./amount";
import { sentenceOf } from "./faults";

/** The fields of an operation, one under the other: Enter goes to the next one and, from the last, checks. */
export class OperationForm extends Component {
    static template = "kondo_microfinance.OperationForm";
    static props = { model: Object };

    setup() {
        this.root = useRef("root");
        this.remote = useState({ query: "", items: null, fault: "" });
        useEffect(
            () => {
                if (this.props.model.focus.name === "form") {
                    this.focus(this.form.missing?.name ?? this.form.visibleFields[0]?.name);
                }
            },
            () => [this.props.model.focus.turn]
        );
    }

    get operation() {
        return this.props.model.operation;
    }

    get form() {
        return this.operation.form;
    }

    focus(name) {
        const input = this.root.el?.querySelector(`[data-field="${name}"]`);
        input?.focus();
        input?.select?.();
    }

    text(field) {
        const value = this.form.values[field.name];
        if (field.type === "amount") {
            return value ? spaced(value) : "";
        }
        return value ?? "";
    }

    hint(field) {
        const option = field.options?.find(({ value }) => value === this.form.values[field.name]);
        return option?.hint || field.help || "";
    }

    // ------------------------------------------------------------------ typing
    onInput(ev, field) {
        const { target } = ev;
        if (field.type === "amount") {
            const amount = parseAmount(target.value);
            target.value = amount ? spaced(amount) : "";
            this.operation.setField(field.name, amount || null);
        } else if (field.type === "integer") {
            this.operation.setField(field.name, Number(target.value.replace(/\D/g, "").slice(0, 6)) || null);
        } else if (field.type === "checkbox") {
            this.operation.setField(field.name, target.checked);
        } else if (field.type === "choice") {
            const option = field.options.find(({ value }) => String(value) === target.value);
            this.operation.setField(field.name, option ? option.value : null);
        } else {
            this.operation.setField(field.name, target.value);
        }
    }

    async onKeydown(ev, field) {
        if (ev.key === "Escape") {
            return; // the box steps back
        }
        if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            if (field.type === "remote_account" && !(await this.lookUp(field))) {
                return;
            }
            const next = this.form.after(field.name);
            if (next) {
                this.focus(next);
            } else {
                this.operation.proceed();
            }
        }
    }

    // ------------------------------------------------------------------ an account of another caisse
    /** @returns {Promise<boolean>} whether exactly one account answers to what was typed */
    async lookUp(field) {
        const query = (this.form.values[field.name] ?? "").trim();
        Object.assign(this.remote, { query, items: null, fault: "" });
        if (!query) {
            return false;
        }
        try {
            this.remote.items = await this.props.model.ask("find_remote_account", [query]);
        } catch (error) {
            this.remote.fault = sentenceOf(error);
            return false;
        }
        if (this.remote.items.length === 1) {
            this.takeRemote(field, this.remote.items[0]);
            return true;
        }
        if (!this.remote.items.length) {
            this.remote.fault = _t("No account answers to “%s”. Type its whole number.", query);
        }
        return false;
    }

    takeRemote(field, item) {
        this.remote.query = item.number;
        this.remote.items = [item];
        this.operation.setField(field.name, item.number);
    }
}
