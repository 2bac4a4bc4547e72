/** Whole francs as a counter writes and reads them. */

const NARROW_SPACE = "\u202f";
const MOST_DIGITS = 12;

/**
 * Thousands parted by a narrow no-break space: 1245500 gives "1 245 500".
 *
 * @param {number} amount whole francs
 * @returns {string}
 */
export function spaced(amount) {
    return String(amount).replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE);
}

/**
 * What a teller typed, as whole francs. "*" and "k" stand for three zeros, every other sign is ignored: "25*",
 * "25k", "25.000" and "25 000 F" are all 25000. A dot is no shortcut, since people write it between thousands.
 *
 * @param {string} text
 * @returns {number} 0 when nothing was typed
 */
export function parseAmount(text) {
    const digits = text.replace(/[*k]/gi, "000").replace(/\D/g, "").replace(/^0+/, "");
    return Number(digits.slice(0, MOST_DIGITS));
}
