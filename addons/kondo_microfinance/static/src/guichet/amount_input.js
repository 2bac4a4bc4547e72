import { Component, useRef } from "@odoo/owl";
import { parseAmount, spaced } from "./amount";
import { useCounterFocus } from "./focus";

/** The amount in large figures, its thousands parted while it is typed. */
export class AmountInput extends Component {
    static template = "kondo_microfinance.AmountInput";
    static props = { model: Object };

    setup() {
        this.input = useRef("input");
        useCounterFocus(this.props.model, "amount", this.input);
    }

    get text() {
        const { amount } = this.props.model.operation;
        return amount ? spaced(amount) : "";
    }

    onInput() {
        const input = this.input.el;
        const digitsAfter = input.value.slice(input.selectionEnd).replace(/\D/g, "").length;
        this.write(parseAmount(input.value), digitsAfter);
    }

    /** The key "000" for those who have no keyboard. */
    onThousand() {
        this.write(parseAmount(this.input.el.value + "000"), 0);
        this.input.el.focus();
    }

    /** Rewrite the field and keep the cursor before as many digits as it stood. */
    write(amount, digitsAfter) {
        const input = this.input.el;
        input.value = amount ? spaced(amount) : "";
        let position = input.value.length;
        for (let left = digitsAfter; left > 0 && position > 0; position--) {
            left -= /\d/.test(input.value[position - 1]);
        }
        input.setSelectionRange(position, position);
        this.props.model.operation.setAmount(amount);
    }

    onKeydown(ev) {
        const { model } = this.props;
        const { operation } = model;
        const kind = operation.kinds.find(({ letter }) => letter === ev.key.toUpperCase());
        const actions = {
            Enter: () => operation.proceed(),
            Escape: () => operation.back(),
            ArrowUp: () => operation.moveAccount(-1),
            ArrowDown: () => operation.moveAccount(1),
            B: () => model.focusOn("bearer"),
            N: () => model.focusOn("note"),
            A: () => operation.onFormLetter("A"),
            P: () => operation.onFormLetter("P"),
        };
        const action = kind ? () => operation.pickKind(kind.kind) : actions[ev.key] || actions[ev.key.toUpperCase()];
        if (action && !ev.ctrlKey && !ev.metaKey && !ev.altKey) {
            ev.preventDefault();
            ev.stopPropagation();
            action();
        }
    }
}
