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

function fillCell(list, row, name, value) {
    const line = `.o_field_widget[name=${list}] .o_data_row:contains("${row}")`;
    return [
        { content: `${row}: take the line`, trigger: `${line} .o_data_cell[name=${name}]`, run: "click" },
        { content: `${row}: ${value}`, trigger: `${line}.o_selected_row .o_field_widget[name=${name}] input`, run: `edit ${value}` },
    ];
}

/** Fail unless the element shows these figures, whatever parts their thousands. */
function shows(expected) {
    return ({ anchor }) => {
        const shown = anchor.textContent.replace(/\D/g, "");
        if (shown !== expected) {
            throw new Error(`${expected} was expected, ${shown} is shown`);
        }
    };
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

// A file from the list of the day: the visit, the paper and the guarantor that its product asks for.
registry.category("web_tour.tours").add("kondo_officer_settles_a_file", {
    url: "/odoo/kondo-a-faire",
    steps: () => [
        { content: "French", trigger: ".o_main_navbar:contains('Sociétaires')" },
        { content: "nothing to do yet", trigger: ".o_list_view:not(:has(.o_data_row))" },
        { content: "a new file", trigger: ".o_list_button_add", run: "click" },
        ...choose("partner_id", "TRAORÉ", "TRAORÉ Awa"),
        ...choose("product_id", "Crédit", "Crédit commerce"),
        { content: "the product's terms", trigger: ".o_field_widget[name=instalments] input:value(12)" },
        { content: "how much", trigger: ".o_notebook .o_field_widget[name=amount] input", run: "edit 100000" },
        ...choose("purpose_id", "Fonds", "Fonds de roulement"),
        ...choose("sector_id", "Commerce", "Commerce"),
        { content: "opinion", trigger: ".o_field_widget[name=opinion] input[data-value=favourable]", run: "click" },
        { content: "what for", trigger: ".o_field_widget[name=reason] textarea", run: "edit Stock de mil avant la soudure" },
        { content: "keep it", trigger: ".o_form_button_save", run: "click" },
        { content: "it has a number", trigger: ".o_field_widget[name=name]:contains('NIX-C-')" },
        { content: "what forbids it stands above", trigger: ".alert .o_field_widget[name=warning]:contains('1 caution')" },
        { content: "submit it all the same", trigger: "button[name=action_submit]", run: "click" },
        { content: "what is missing, all at once", trigger: ".modal-body:contains('Nourriture'):contains('Demande signée')" },
        { content: "understood", trigger: ".modal .modal-footer .btn-primary", run: "click" },
        openTab("visit"),
        { content: "nothing counted", trigger: ".o_notebook .o_field_widget[name=capacity]", run: shows("0") },
        ...fillCell("answer_ids", "Nourriture", "amount", "40000"),
        ...fillCell("answer_ids", "Ventes", "amount", "100000"),
        { content: "keep the visit", trigger: ".o_form_button_save", run: "click" },
        { content: "70 % of what is left", trigger: ".o_notebook .o_field_widget[name=capacity]:contains('42')", run: shows("42000") },
        openTab("documents"),
        {
            content: "the paper is here",
            trigger: ".o_field_widget[name=document_ids] .o_data_row:contains('Demande signée') .o_data_cell[name=seen] input",
            run: "click",
        },
        openTab("guarantees"),
        { content: "a guarantor", trigger: ".o_field_widget[name=guarantor_ids] .o_field_x2many_list_row_add a", run: "click" },
        { content: "who", trigger: ".modal .o_field_widget[name=partner_id] input", run: "edit KEITA" },
        { content: "him", trigger: '.o-autocomplete--dropdown-item:contains("KEITA Salif")', run: "click" },
        { content: "up to", trigger: ".modal .o_field_widget[name=ceiling] input", run: "edit 100000" },
        { content: "keep him", trigger: ".modal .o_form_button_save", run: "click" },
        { content: "he stands on the file", trigger: ".o_field_widget[name=guarantor_ids] .o_data_row:contains('KEITA Salif')" },
        { content: "keep the file", trigger: ".o_form_button_save", run: "click" },
        { content: "nothing forbids it any more", trigger: ".o_form_view:not(:has(.alert .o_field_widget[name=warning]))" },
        { content: "submit", trigger: "button[name=action_submit]", run: "click" },
        { content: "under review", trigger: ".o_statusbar_status .o_arrow_button_current[data-value=review]" },
        { content: "to the committee", trigger: "button[name=action_present]", run: "click" },
        { content: "before the committee", trigger: ".o_statusbar_status .o_arrow_button_current[data-value=committee]" },
        { content: "back to the day", trigger: ".breadcrumb-item a, .o_back_button a", run: "click" },
        { content: "it waits for the committee", trigger: ".o_list_view .o_data_row:contains('TRAORÉ Awa')" },
    ],
});

// The loan has been paid out at the window and a first instalment is in: what the officer sees of it.
registry.category("web_tour.tours").add("kondo_officer_reads_a_loan", {
    url: "/odoo/kondo-credits",
    steps: () => [
        { content: "her loan", trigger: ".o_data_row:contains('TRAORÉ Awa') .o_data_cell[name=name]", run: "click" },
        { content: "it runs", trigger: ".o_statusbar_status .o_arrow_button_current[data-value=active]" },
        { content: "still owed", trigger: "div[name=figures] .o_field_widget[name=principal]", run: shows("92332") },
        { content: "nothing late", trigger: "div[name=figures] .o_field_widget[name=days_late]", run: shows("0") },
        { content: "next instalment", trigger: "div[name=figures] .o_field_widget[name=next_amount]", run: shows("9168") },
        { content: "effective rate, under the ceiling", trigger: "div[name=figures] .o_field_widget[name=teg].text-success:contains('18,')" },
        { content: "the first is paid", trigger: ".o_field_widget[name=instalment_ids] .o_data_row:eq(0) .text-bg-success" },
        { content: "eleven are not", trigger: ".o_field_widget[name=instalment_ids] .o_data_row:eq(11):not(:has(.text-bg-success))" },
        { content: "a promise may be noted", trigger: "button[name=action_followup] .fa-handshake-o" },
        { content: "its operations", trigger: "button[name=action_open_operations]", run: "click" },
        { content: "paid out, then repaid", trigger: ".o_list_view .o_data_row:contains('NIX-G1-'):eq(1)" },
    ],
});

function decide(tone, reason) {
    return [
        { content: "decide", trigger: `.o_kondo_decisions .btn-${tone}`, run: "click" },
        { content: "not without a reason", trigger: ".modal button[name=action_confirm]", run: "click" },
        { content: "the reason is asked for", trigger: ".modal .o_field_invalid[name=reason]" },
        { content: "why", trigger: ".modal .o_field_widget[name=reason] input", run: `edit ${reason}` },
    ];
}

// A long evening: less than asked for, a refusal, a file that cannot be granted; then the minutes.
registry.category("web_tour.tours").add("kondo_committee_decides_otherwise", {
    url: "/odoo/kondo-comites",
    steps: () => [
        { content: "tonight's sitting", trigger: ".o_data_row .o_data_cell[name=name]", run: "click" },
        { content: "on the projector, at the first file", trigger: "button[name=action_open_files]", run: "click" },
        { content: "whose it is", trigger: ".o_kondo_who h1:contains('TRAORÉ Awa')" },
        ...decide("primary", "Selon la capacité"),
        { content: "less", trigger: ".modal .o_field_widget[name=amount] input", run: "edit 80000 && press Tab" },
        { content: "what she would pay", trigger: ".modal .o_field_widget[name=instalment_amount]:contains('7')", run: shows("7339") },
        { content: "one is against", trigger: ".modal .o_field_widget[name=votes_against] input", run: "edit 1" },
        { content: "confirm", trigger: ".modal button[name=action_confirm]", run: "click" },
        { content: "a vote too many: refused, the window keeps what was typed", trigger: ".o_error_dialog .modal-body:contains('3')" },
        { content: "understood", trigger: ".o_error_dialog .modal-footer .btn-primary", run: "click" },
        { content: "one is for", trigger: ".modal .o_field_widget[name=votes_for] input", run: "edit 1" },
        { content: "confirm", trigger: ".modal button[name=action_confirm]", run: "click" },
        { content: "the next file comes by itself", trigger: ".o_kondo_who h1:contains('KONÉ Issa')" },
        ...decide("danger", "Arriérés ailleurs"),
        { content: "confirm", trigger: ".modal button[name=action_confirm]", run: "click" },
        { content: "the last file", trigger: ".o_kondo_who h1:contains('SIDIBÉ Kadia')" },
        { content: "what forbids it is said", trigger: ".o_kondo_page .alert-danger:contains('1 caution')" },
        { content: "nobody grants it", trigger: ".o_kondo_decisions .btn-success:disabled" },
        ...decide("warning", "Trouver une caution"),
        { content: "confirm", trigger: ".modal button[name=action_confirm]", run: "click" },
        { content: "three decisions", trigger: ".o_kondo_page tbody tr:eq(2) .badge" },
        { content: "less than asked for, by one against one", trigger: ".o_kondo_page tbody tr:eq(0):contains('80'):contains('1 – 1 – 0')" },
        { content: "back to the last file", trigger: ".o_kondo_committee", run: "press PageUp" },
        { content: "it is decided", trigger: ".o_kondo_page .text-bg-warning" },
        { content: "nothing left to press", trigger: ".o_kondo_committee:not(:has(.o_kondo_decisions))" },
        { content: "and again to the decisions", trigger: ".o_kondo_committee", run: "press PageDown" },
        { content: "sign the minutes", trigger: ".o_kondo_page .btn-primary", run: "click" },
        { content: "they are signed", trigger: ".o_kondo_page:not(:has(.btn-primary)) .btn-secondary" },
    ],
});
