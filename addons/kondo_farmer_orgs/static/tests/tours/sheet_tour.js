import { registry } from "@web/core/registry";

const FORM = ".o_form_view";

/** The digits that an element shows, without what parts its thousands. */
function digits(selector) {
    return document.querySelector(selector).textContent.replace(/\D/g, "");
}

function state(value) {
    return { content: `the sheet is ${value}`, trigger: `.o_statusbar_status .o_arrow_button_current[data-value=${value}]` };
}

// Before the round and after it: a sheet for the organisation, typed with the keyboard, returned when it agrees.
registry.category("web_tour.tours").add("kondo_officer_types_a_sheet", {
    url: "/odoo/kondo-fiches-collecte",
    steps: () => [
        { content: "a new sheet", trigger: ".o_list_button_add", run: "click" },
        { content: "whose", trigger: `${FORM} .o_field_widget[name=organisation_id] input`, run: "edit Benkadi" },
        { content: "theirs", trigger: '.o-autocomplete--dropdown-item:contains("SCOOPS Benkadi")', run: "click" },
        { content: "keep it", trigger: ".o_form_button_save", run: "click" },
        { content: "it has a number", trigger: ".o_field_widget[name=name]:contains('FC-NIX-')" },
        { content: "put everybody on it", trigger: "button[name=action_fill].btn-primary", run: "click" },
        { content: "twelve people", trigger: ".o_field_widget[name=row_ids] .o_data_row:eq(11):contains('PERSONNE 12')" },
        { content: "they all paid", trigger: "button[name=action_all_paid]", run: "click" },
        {
            content: "the first has paid",
            trigger: ".o_field_widget[name=row_ids] .o_data_row:eq(0) .o_data_cell[name=paid]:not(:contains(/^0$/))",
        },
        { content: "she saves too", trigger: ".o_data_row:eq(0) .o_data_cell[name=saved]", run: "click" },
        { content: "1 500 F", trigger: ".o_data_row.o_selected_row .o_field_widget[name=saved] input", run: "edit 1500" },
        {
            content: "too little cash",
            trigger: `${FORM} .o_field_widget[name=control_total] input`,
            run: "edit 1000 && press Tab",
        },
        { content: "said at once", trigger: ".alert-danger .o_field_widget[name=difference_words]" },
        { content: "return it all the same", trigger: "button[name=action_return]", run: "click" },
        { content: "refused in words", trigger: ".modal .modal-body:contains('F')" },
        { content: "understood", trigger: ".modal .modal-footer .btn-primary", run: "click" },
        {
            content: "what was brought",
            trigger: `body:not(:has(.modal)) ${FORM} .o_field_widget[name=control_total] input`,
            run: async ({ edit }) => edit(digits(".o_field_widget[name=entered]")),
        },
        { content: "leave the field", trigger: `${FORM} .o_field_widget[name=control_total] input`, run: "press Tab" },
        { content: "it agrees", trigger: ".o_form_view:not(:has(.alert-danger .o_field_widget[name=difference_words]))" },
        { content: "return it", trigger: "button[name=action_return]", run: "click" },
        state("returned"),
    ],
});

// At the window: what is counted is the sheet's total, or nothing is booked.
registry.category("web_tour.tours").add("kondo_teller_books_a_sheet", {
    url: "/odoo/kondo-fiches-collecte",
    steps: () => [
        { content: "the sheet that waits", trigger: ".o_data_row:contains('SCOOPS Benkadi') .o_data_cell[name=name]", run: "click" },
        state("returned"),
        { content: "count", trigger: "button[name=action_count]", run: "click" },
        { content: "one note of 10 000", trigger: ".modal .o_field_widget[name=counts] input:eq(0)", run: "edit 1 && press Tab" },
        { content: "so much is missing", trigger: ".modal .alert-danger .o_field_widget[name=refusal]:contains('10')" },
        { content: "it is not kept", trigger: ".modal:not(:has(button[name=action_keep]:visible))" },
        { content: "count again", trigger: ".modal .o_field_widget[name=counts] input:eq(0)", run: "edit 0" },
        {
            content: "every franc in coins",
            trigger: ".modal .o_field_widget[name=counts] input:last",
            run: async ({ edit }) => edit(digits(".modal .o_field_widget[name=total]")),
        },
        { content: "it agrees", trigger: ".modal button[name=action_keep]", run: "click" },
        state("counted"),
        { content: "book it", trigger: "button[name=action_post]", run: "click" },
        state("posted"),
        { content: "the operation", trigger: "button[name=action_open_operation]" },
    ],
});
