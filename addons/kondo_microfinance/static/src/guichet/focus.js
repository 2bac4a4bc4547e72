import { useEffect } from "@odoo/owl";

/**
 * Let the model say where the cursor is: the element takes the focus each time `model.focusOn(name)` is called.
 *
 * @param {import("./guichet_model").GuichetModel} model
 * @param {string} name
 * @param {{ el: HTMLElement | null }} ref
 */
export function useCounterFocus(model, name, ref) {
    useEffect(
        (turn, el) => {
            if (el && model.focus.name === name) {
                el.focus();
                el.select?.();
            }
        },
        () => [model.focus.turn, ref.el]
    );
}
