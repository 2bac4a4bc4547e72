import { ConnectionLostError, rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const AMOUNT = ".o_kondo_amount:not([readonly])";

function figures(text) {
    return text.replace(/\D/g, "");
}

/** Fail unless the element shows these figures, whatever parts their thousands. */
function shows(expected) {
    return ({ anchor }) => {
        const shown = figures(anchor.value ?? anchor.textContent);
        if (shown !== expected) {
            throw new Error(`${expected} was expected, ${shown} is shown`);
        }
    };
}

function searchMember(query, name) {
    return [
        { content: "Search a member", trigger: ".o_kondo_search input", run: `edit ${query}` },
        { trigger: `.o_kondo_search .o_kondo_chosen:contains(${name})` },
        { trigger: ".o_kondo_search input", run: "press Enter" },
        { content: "His only account is taken", trigger: `.o_kondo_account[aria-pressed=true]` },
    ];
}

function typeAmount(amount, words) {
    return [
        { content: `Type ${amount}`, trigger: AMOUNT, run: `edit ${amount}` },
        { content: "The amount stands in words", trigger: `.o_kondo_words:contains(${words})` },
    ];
}

function post(balanceAfter) {
    return [
        { trigger: ".o_kondo_after", run: shows(balanceAfter) },
        { content: "First Enter: show it in full", trigger: AMOUNT, run: "press Enter" },
        { content: "Second Enter: post it", trigger: ".o_kondo_confirm:focus", run: "press Enter" },
        { content: "The receipt has a number", trigger: ".o_kondo_receipt_number:contains(-)" },
        { content: "The new balance", trigger: ".o_kondo_new_balance", run: shows(balanceAfter) },
    ];
}

/** Let the server carry out the next operations and lose its answers on the way back. */
function loseAnswers(count) {
    const send = rpc._rpc;
    rpc._rpc = (url, ...rest) => {
        const request = send(url, ...rest);
        if (!url.endsWith("kondo.operation/submit") || !count) {
            return request;
        }
        count--;
        const lost = request.then(() => Promise.reject(new ConnectionLostError(url)));
        return Object.assign(lost, { abort: request.abort });
    };
}

/**
 * The teller's day: a deposit, a withdrawal, and a withdrawal that the account refuses.
 *
 * The teller's till is open; the member TRAORÉ Awa has one passbook account with 185 000.
 */
registry.category("web_tour.tours").add("kondo_teller_day", {
    url: "/odoo/guichet",
    steps: () => [
        ...searchMember("awa tra", "TRAORÉ Awa"),
        ...typeAmount("25000", "vingt-cinq mille francs CFA"),
        ...post("210000"),
        { content: "The account list follows", trigger: ".o_kondo_account .o_kondo_balance", run: shows("210000") },
        { content: "The same member withdraws", trigger: ".o_kondo_done", run: "press Escape" },
        { trigger: AMOUNT, run: "press r" },
        { trigger: ".o_kondo_kind[data-kind=withdrawal][aria-pressed=true]" },
        ...typeAmount("10*", "dix mille francs CFA"),
        ...post("200000"),
        { content: "Too much is asked", trigger: ".o_kondo_done", run: "press Escape" },
        { trigger: AMOUNT, run: "press r" },
        ...typeAmount("900k", "neuf cent mille francs CFA"),
        { trigger: AMOUNT, run: "press Enter" },
        { content: "Refused in one sentence, in the box", trigger: ".o_kondo_message .alert-danger" },
        { content: "The amount is still there", trigger: AMOUNT, run: shows("900000") },
        { content: "Two operations are in the list", trigger: ".o_kondo_last tbody tr:nth-child(2)" },
    ],
});

/**
 * A deposit whose answer is lost twice: asked again with the same UUID, it is posted once.
 *
 * Same member as above; the account ends with 210 000.
 */
registry.category("web_tour.tours").add("kondo_teller_lost_answer", {
    url: "/odoo/guichet",
    steps: () => [
        ...searchMember("awa tra", "TRAORÉ Awa"),
        ...typeAmount("25k", "vingt-cinq mille francs CFA"),
        { trigger: AMOUNT, run: "press Enter" },
        { content: "The line is bad", trigger: ".o_kondo_confirm:focus", run: () => loseAnswers(2) },
        { trigger: ".o_kondo_confirm:focus", run: "press Enter" },
        { content: "The window says that the answer is lost, and asks again", trigger: ".o_kondo_ask_again" },
        { content: "The receipt comes all the same", trigger: ".o_kondo_receipt_number:contains(-)" },
        { trigger: ".o_kondo_new_balance", run: shows("210000") },
        { content: "Nothing is left to ask", trigger: "body:not(:has(.o_kondo_awaited))" },
    ],
});
