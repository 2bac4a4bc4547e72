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

/** Let answers come late, in milliseconds by method of the teller window: the card read again while the menu is asked for. */
function slowAnswers(delays) {
    const send = rpc._rpc;
    rpc._rpc = (url, ...rest) => {
        const request = send(url, ...rest);
        const delay = delays[url.split("kondo.teller/")[1]];
        const late = delay && request.then((answer) => new Promise((resolve) => setTimeout(resolve, delay, answer)));
        return late ? Object.assign(late, { abort: request.abort }) : request;
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

function openForm(letter, kind) {
    return [
        { content: "A form by its letter", trigger: AMOUNT, run: `press ${letter}` },
        { trigger: `.o_kondo_form [data-field=${kind}]` },
    ];
}

function confirmForm(total) {
    return [
        { content: "Check", trigger: ".o_kondo_proceed", run: "click" },
        { content: "In full, with what is to be paid", trigger: ".o_kondo_confirm:focus b", run: shows(total) },
        { content: "Post it", trigger: ".o_kondo_confirm:focus", run: "press Enter" },
        { content: "The receipt has a number", trigger: ".o_kondo_receipt_number:contains(-)" },
    ];
}

/**
 * Operations with a form of their own: shares with the letter P, then, with nobody at the counter, a deposit for a
 * member of another caisse with F3.
 *
 * Shares cost 5 000 F; the account SGX-LIV-00001 is DIALLO Oumou's, at Ségou.
 */
registry.category("web_tour.tours").add("kondo_teller_other_operations", {
    url: "/odoo/guichet",
    steps: () => [
        { content: "F3 offers what needs no member", trigger: ".o_kondo_guichet", run: "press F3" },
        { trigger: ".o_kondo_other[data-kind=remote_deposit]", run: "click" },
        { trigger: "[data-field=account_number]", run: "edit SGX-LIV-00001" },
        { trigger: "[data-field=account_number]", run: "press Enter" },
        { content: "Whose account it is", trigger: ".o_kondo_remote:contains(DIALLO Oumou)" },
        { trigger: "[data-field=amount]", run: "edit 15k" },
        { trigger: "[data-field=bearer]", run: "edit SANGARÉ Issa" },
        { trigger: ".o_kondo_words:contains(quinze mille francs CFA)" },
        ...confirmForm("15000"),
        ...searchMember("awa tra", "TRAORÉ Awa"),
        ...openForm("p", "shares"),
        { trigger: "[data-field=shares]", run: "edit 4" },
        { trigger: "[data-field=amount]", run: "edit 20k" },
        { trigger: ".o_kondo_line:contains(4 ×)" },
        ...confirmForm("20000"),
        { content: "The shares stand beside the accounts", trigger: ".o_kondo_shares b", run: shows("20000") },
    ],
});

function openOther(kind) {
    return [
        { content: "F3 offers the other operations", trigger: ".o_kondo_guichet", run: "press F3" },
        { content: kind, trigger: `.o_kondo_other[data-kind=${kind}]`, run: "click" },
    ];
}

/** The loan of TRAORÉ Awa has been granted: the teller pays 100 000 out and takes the first instalment. */
registry.category("web_tour.tours").add("kondo_teller_serves_a_loan", {
    url: "/odoo/guichet",
    steps: () => [
        ...searchMember("awa tra", "TRAORÉ Awa"),
        ...openOther("loan_disbursement"),
        {
            content: "in cash, over a slow line",
            trigger: "select[data-field=paid]:value(cash)",
            run: () => slowAnswers({ member_card: 500, other_operations: 1000 }),
        },
        ...confirmForm("100000"),
        { content: "The same member pays", trigger: ".o_kondo_done", run: "press Escape" },
        ...openOther("loan_repayment"),
        { content: "The next instalment is proposed", trigger: "input[data-field=amount]", run: shows("9168") },
        ...confirmForm("9168"),
    ],
});
