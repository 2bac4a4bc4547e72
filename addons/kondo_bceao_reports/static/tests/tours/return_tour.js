import { registry } from "@web/core/registry";

// The accountant prepares the annual statements, reads them, runs the controls and follows the one that is red.
registry.category("web_tour.tours").add("kondo_accountant_prepares_a_return", {
    url: "/odoo/kondo-declarations",
    steps: () => [
        { content: "a new return", trigger: ".o_list_button_add", run: "click" },
        { content: "which one", trigger: ".o_field_widget[name=type_id] input", run: "edit États financiers" },
        { content: "the annual statements", trigger: ".ui-autocomplete a:contains('DIMF')", run: "click" },
        { content: "keep it", trigger: ".o_form_button_save", run: "click" },
        { content: "compute it", trigger: ".o_form_view button[name=action_compute]:contains('Calculer')", run: "click" },
        { content: "computed", trigger: ".o_statusbar_status .o_arrow_button_current:contains('Calculé')" },
        { content: "the balance sheet is laid out", trigger: ".o_kondo_return_tables td:contains(\"TOTAL DE L'ACTIF\")" },
        { content: "run the controls", trigger: ".o_form_view button[name=action_check]", run: "click" },
        { content: "checked", trigger: ".o_statusbar_status .o_arrow_button_current:contains('Contrôlé')" },
        { content: "the controls", trigger: ".o_notebook .nav-link:contains('Contrôles')", run: "click" },
        { content: "assets equal liabilities", trigger: ".o_field_widget[name=check_ids] .o_data_row:contains('total du passif') .badge:contains('Réussi'), .o_field_widget[name=check_ids] .o_data_row:contains('total du passif') .badge:contains('Sans donnée')" },
        { content: "one is red", trigger: ".o_field_widget[name=check_ids] .o_data_row.text-danger" },
        { content: "what no ledger knows", trigger: ".o_field_widget[name=check_ids] .o_data_row.text-danger button[name=action_open]", run: "click" },
        { content: "it leads there", trigger: ".breadcrumb-item:contains('DIMF')" },
        { content: "to what is concerned", trigger: ".o_list_view .o_data_row, .o_list_view .o_view_nocontent, .o_action_manager:not(:has(.o_statusbar_status))" },
    ],
});

// He reads the trial balance and the largest debtors from the same menu.
registry.category("web_tour.tours").add("kondo_accountant_reads_the_books", {
    url: "/odoo/kondo-balance",
    steps: () => [
        { content: "the trial balance opens", trigger: ".o_field_widget[name=date_to]" },
        { content: "show it", trigger: "button[name=action_show]", run: "click" },
        { content: "members' deposits stand in it", trigger: ".o_data_row:contains('25')" },
    ],
});
