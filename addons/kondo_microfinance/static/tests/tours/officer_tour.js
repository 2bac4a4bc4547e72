import { registry } from "@web/core/registry";

function choose(field, typed, label) {
    return [
        { content: `${field}: type`, trigger: `.o_notebook .o_field_widget[name=${field}] input`, run: `edit ${typed}` },
        { content: `${field}: choose`, trigger: `.o-autocomplete--dropdown-item:contains("${label}")`, run: "click" },
    ];
}

function openTab(name) {
    return { content: `the page ${name}`, trigger: `.o_notebook_headers a[name=${name}]`, run: "click" };
}

// Back from the village: what it would cost, a file of it, what is missing, the committee.
registry.category("web_tour.tours").add("kondo_officer_makes_a_file", {
    url: "/odoo/kondo-simulateur-credit",
    steps: () => [
        { content: "French", trigger: ".o_main_navbar:contains('Sociétaires')" },
        { content: "what a smaller loan costs", trigger: ".o_field_widget[name=amount] input", run: "edit 300000 && press Tab" },
        { content: "its instalments", trigger: ".o_field_widget[name=line_ids] .o_data_row:eq(11)" },
        { content: "its effective rate", trigger: ".o_field_widget[name=teg_proportional]:contains('18,')" },
        { content: "make a file of it", trigger: "button[name=action_apply]", run: "click" },
        ...choose("partner_id", "TRAORÉ", "TRAORÉ Awa"),
        { content: "keep it", trigger: ".o_form_button_save", run: "click" },
        { content: "it has a number", trigger: ".o_field_widget[name=name]:contains('NIX-C-')" },
        openTab("plan"),
        { content: "its schedule", trigger: ".o_field_widget[name=plan] tbody tr:eq(12)" },
        { content: "present it half made", trigger: "button[name=action_submit]", run: "click" },
        { content: "what is missing", trigger: ".modal .modal-body:contains('objet'):contains('secteur')" },
        { content: "understood", trigger: ".modal .modal-footer .btn-primary", run: "click" },
        openTab("request"),
        ...choose("purpose_id", "Fonds", "Fonds de roulement"),
        ...choose("sector_id", "Commerce", "Commerce"),
        { content: "opinion", trigger: ".o_field_widget[name=opinion] input[data-value=favourable]", run: "click" },
        { content: "why", trigger: ".o_field_widget[name=opinion_text] textarea", run: "edit Étal tenu depuis huit ans" },
        { content: "submit", trigger: "button[name=action_submit]", run: "click" },
        { content: "under review", trigger: ".o_statusbar_status .o_arrow_button_current[data-value=review]" },
        { content: "to the committee", trigger: "button[name=action_present]", run: "click" },
        { content: "before the committee", trigger: ".o_statusbar_status .o_arrow_button_current[data-value=committee]" },
    ],
});

// The evening of the committee, on the projector.
registry.category("web_tour.tours").add("kondo_committee_decides", {
    url: "/odoo/kondo-comites",
    steps: () => [
        { content: "tonight's sitting", trigger: ".o_data_row .o_data_cell[name=name]", run: "click" },
        { content: "on the projector", trigger: "button[name=action_open_files]", run: "click" },
        { content: "the first is here", trigger: ".o_kondo_members label:eq(0) input", run: "click" },
        { content: "he is", trigger: ".o_kondo_members label:eq(0).border-success" },
        { content: "so is the second", trigger: ".o_kondo_members label:eq(1) input", run: "click" },
        { content: "she is, the quorum too", trigger: ".o_kondo_committee header .btn-outline-success" },
        { content: "the first file", trigger: ".o_kondo_next", run: "click" },
        { content: "whose it is", trigger: ".o_kondo_who h1:contains('TRAORÉ Awa')" },
        { content: "grant it", trigger: ".o_kondo_decisions .btn-success", run: "click" },
        { content: "confirm", trigger: ".modal button[name=action_confirm]", run: "click" },
        { content: "granted", trigger: ".o_kondo_page .text-bg-success" },
    ],
});

// A morning with who is late.
registry.category("web_tour.tours").add("kondo_officer_follows", {
    url: "/odoo/kondo-a-faire",
    steps: () => [
        { content: "late by days", trigger: ".o_data_row:contains('TRAORÉ Awa') .o_data_cell[name=days_late]:contains('10')" },
        { content: "she promises", trigger: ".o_data_row:contains('TRAORÉ Awa') button .fa-handshake-o", run: "click" },
        { content: "how much", trigger: ".modal .o_field_widget[name=promise_amount] input", run: "edit 20000" },
        { content: "when", trigger: ".modal .o_field_widget[name=promise_on] input", run: "edit 31/12/2099 && press Tab" },
        { content: "what she said", trigger: ".modal .o_field_widget[name=note] textarea", run: "edit Après la foire" },
        { content: "keep it", trigger: ".modal .o_form_button_save", run: "click" },
        { content: "her file", trigger: "body:not(:has(.modal)) .o_data_row:contains('TRAORÉ Awa') .o_data_cell[name=name]", run: "click" },
        { content: "what is late stands above", trigger: "div[name=figures] .o_field_widget[name=days_late]:contains('10')" },
        { content: "the schedule first", trigger: ".o_field_widget[name=instalment_ids] .o_data_row .text-bg-danger" },
        openTab("followup"),
        { content: "the promise", trigger: ".o_field_widget[name=followup_ids] .o_data_row:contains('Après la foire')" },
    ],
});
