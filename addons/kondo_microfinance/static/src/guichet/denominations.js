/** Notes and coins of the BCEAO. A key says note or coin and value, for 500 francs exist as both. */
const NOTES = [10000, 5000, 2000, 1000, 500];
const COINS = [500, 250, 200, 100, 50, 25, 10, 5, 1];

export const NOTE_CELLS = NOTES.map((value) => ({ key: `n${value}`, value }));
export const COIN_CELLS = COINS.map((value) => ({ key: `c${value}`, value }));

/**
 * @param {{key: string, value: number}[]} cells
 * @param {Object<string, number>} counts number of pieces by key
 * @returns {number} francs
 */
export function totalOf(cells, counts) {
    return cells.reduce((total, { key, value }) => total + value * (counts[key] || 0), 0);
}
