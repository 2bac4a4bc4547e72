import { registry } from "@web/core/registry";

function row(caisse, state) {
    return `.o_kondo_board tr[data-caisse='${caisse}']${state ? `[data-state=${state}]` : ""}`;
}

/** The footer says how many caisses of how many are closed. */
function closed(count, total) {
    return {
        content: `closed: ${count} of ${total}`,
        trigger: ".o_kondo_closed",
        run: ({ anchor }) => {
            const shown = anchor.textContent.match(/\d+/g).map(Number);
            if (shown[0] !== count || shown[1] !== total) {
                throw new Error(`${count} of ${total} was expected, the board says: ${anchor.textContent}`);
            }
        },
    };
}

// The evening of the network: a trial, one caisse, then all; the one whose books do not agree says so in red.
registry.category("web_tour.tours").add("kondo_network_closes_the_day", {
    url: "/odoo/kondo-cloture",
    steps: () => [
        { content: "Ségou still has a till open", trigger: `${row("Caisse de Ségou", "open")}:contains('Guichet') .btn-outline-warning` },
        { content: "its day cannot be closed", trigger: `${row("Caisse de Ségou")} .o_kondo_close:disabled` },
        { content: "nothing ran in Niono", trigger: `${row("Caisse de Niono", "open")} .o_kondo_cell.text-bg-light:eq(5)` },
        closed(0, 2),
        { content: "try Niono", trigger: `${row("Caisse de Niono")} .o_kondo_preview`, run: "click" },
        { content: "what it would post", trigger: ".modal .o_field_widget[name=company_id]:contains('Niono')" },
        { content: "nothing keeps it", trigger: ".modal .o_form_view:not(:has(.alert-warning:visible))" },
        { content: "seen", trigger: ".modal .modal-footer .btn-primary", run: "click" },
        { content: "the trial left the day open", trigger: `body:not(:has(.modal)) ${row("Caisse de Niono", "open")}` },
        { content: "close Niono", trigger: `${row("Caisse de Niono")} .o_kondo_close`, run: "click" },
        { content: "all its families are green", trigger: `${row("Caisse de Niono", "closed")} .o_kondo_cell.text-bg-success:eq(5)` },
        closed(1, 2),
        { content: "what the proof did", trigger: `${row("Caisse de Niono")} .o_kondo_cell:eq(5)`, run: "click" },
        { content: "each step and its time", trigger: ".o_kondo_steps .text-bg-success:eq(2)" },
        { content: "fold", trigger: `${row("Caisse de Niono")} .o_kondo_cell:eq(5)[aria-expanded=true]`, run: "press Enter" },
        { content: "folded", trigger: ".o_kondo_board:not(:has(.o_kondo_steps))" },
        { content: "closed once is closed", trigger: `${row("Caisse de Niono")} .o_kondo_close:disabled` },
        { content: "and there is nothing to try", trigger: `${row("Caisse de Niono")} .o_kondo_preview:disabled` },
    ],
});

// All that is left: Ségou, whose books are one franc off.
registry.category("web_tour.tours").add("kondo_network_reads_a_refusal", {
    url: "/odoo/kondo-cloture",
    steps: () => [
        { content: "Ségou is ready", trigger: `${row("Caisse de Ségou", "open")} .o_kondo_close:enabled` },
        { content: "close all", trigger: ".o_kondo_close_all", run: "click" },
        { content: "one caisse is left", trigger: ".modal .modal-body:contains('1')" },
        { content: "confirm", trigger: ".modal .modal-footer .btn-primary", run: "click" },
        { content: "Ségou stops at the proof", trigger: `${row("Caisse de Ségou", "stopped")} .o_kondo_cell.text-bg-danger`, run: "click" },
        { content: "why, in words", trigger: ".o_kondo_steps .text-danger:contains('SGX-LIV-00001')" },
        closed(1, 2),
        { content: "the account by account proof", trigger: ".o_kondo_steps .o_kondo_proof", run: "click" },
        { content: "it is that of Ségou", trigger: ".o_form_view .o_field_widget[name=company_id] input:value('Ségou'), .o_form_view .o_field_widget[name=company_id]:contains('Ségou')" },
        { content: "back to the board", trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
        { content: "its reason again", trigger: `${row("Caisse de Ségou", "stopped")} .o_kondo_cell.text-bg-danger`, run: "click" },
        { content: "open it", trigger: ".o_kondo_steps .btn-link", run: "click" },
        { content: "the closing says why too", trigger: ".o_form_view .alert-danger:contains('SGX-LIV-00001')" },
    ],
});

// The franc is found: the closing goes on where it stopped.
registry.category("web_tour.tours").add("kondo_network_goes_on", {
    url: "/odoo/kondo-cloture",
    steps: () => [
        { content: "close Ségou again", trigger: `${row("Caisse de Ségou", "stopped")} .o_kondo_close`, run: "click" },
        { content: "green from end to end", trigger: `${row("Caisse de Ségou", "closed")} .o_kondo_cell.text-bg-success:eq(5)` },
        closed(2, 2),
        { content: "nothing is left to close", trigger: ".o_kondo_close_all:disabled" },
    ],
});
