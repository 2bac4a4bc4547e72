import { spaced } from "../guichet/amount";

/**
 * Francs with thousands parted and a true minus sign.
 *
 * @param {number} amount whole francs, of either sign
 * @returns {string}
 */
export function signed(amount) {
    return amount < 0 ? `\u2212${spaced(-amount)}` : spaced(amount);
}
