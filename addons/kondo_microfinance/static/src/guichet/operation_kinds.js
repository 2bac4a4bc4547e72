import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/**
 * Kinds of operation of the teller window that are an account, an amount and one letter. Operations with a form of
 * their own are described by the server (see operation_form_model.js). A later part adds its own here:
 *
 * - `letter`: the key that chooses it, unique; A, B, I, K, N and P are taken by the window
 * - `label`, `icon` (Font Awesome)
 * - `cash`: 1 when the till receives, -1 when it pays, 0 when no cash moves
 * - `target`: true when a second account must be chosen (sent as `counter_account_id`)
 *
 * The key is the `kind` that `kondo.operation.submit` and `kondo.teller.preview` know.
 */
export const operationKinds = registry.category("kondo_guichet_operations");

operationKinds.addValidation({
    letter: { type: String, validate: (letter) => /^[A-Z]$/.test(letter) && !"ABIKNP".includes(letter) },
    label: true,
    icon: String,
    cash: { type: Number, validate: (cash) => [-1, 0, 1].includes(cash) },
    target: { type: Boolean, optional: true },
});

operationKinds
    .add("deposit", { letter: "D", label: _t("Deposit"), icon: "fa-arrow-down", cash: 1 }, { sequence: 10 })
    .add("withdrawal", { letter: "R", label: _t("Withdrawal"), icon: "fa-arrow-up", cash: -1 }, { sequence: 20 })
    .add(
        "transfer",
        { letter: "V", label: _t("Transfer"), icon: "fa-exchange", cash: 0, target: true },
        { sequence: 30 }
    );
