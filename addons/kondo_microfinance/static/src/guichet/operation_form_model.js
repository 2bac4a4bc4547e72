/**
 * The form of an operation that is more than an account and an amount: a term deposit, shares, a fee…
 *
 * The server describes it (`kondo.teller.other_operations`): `kind`, `label`, `cash`, `member`, and `fields` with
 * `name`, `label`, `type` (amount, integer, choice, text, remote_account, checkbox), `required`, `default`, `options`,
 * `help` and `visible_if` {field, in}.
 */
export class OperationFormModel {
    constructor(descriptor) {
        Object.assign(this, descriptor);
        this.values = {};
        for (const field of this.fields) {
            this.values[field.name] = field.default ?? (field.type === "checkbox" ? false : null);
        }
    }

    isVisible({ visible_if: condition }) {
        return !condition || condition.in.includes(this.values[condition.field]);
    }

    get visibleFields() {
        return this.fields.filter((field) => this.isVisible(field));
    }

    set(name, value) {
        this.values[name] = value;
    }

    /** The first field that still needs an answer. */
    get missing() {
        return this.visibleFields.find(({ name, required }) => required && !this.values[name]);
    }

    /** What is sent: the visible fields that hold something. */
    get payload() {
        const filled = this.visibleFields.filter(({ name }) => ![null, ""].includes(this.values[name]));
        return Object.fromEntries(filled.map(({ name }) => [name, this.values[name]]));
    }

    get amount() {
        return this.payload.amount ?? 0;
    }

    /** The name of the field after this one, or null after the last. */
    after(name) {
        const names = this.visibleFields.map((field) => field.name);
        return names[names.indexOf(name) + 1] ?? null;
    }
}
