import { registry } from "@web/core/registry";

const year = new Date().getFullYear();

// The accountant finds an operation of the counter, its entry, and both again in the books.
registry.category("web_tour.tours").add("kondo_accountant_operation", {
    url: "/odoo/kondo-operations",
    steps: () => [
        { content: "open the deposit of Awa", trigger: ".o_data_row:contains('TRAORÉ Awa') .o_data_cell[name=receipt_number]", run: "click" },
        { content: "open its journal entry", trigger: "button[name=action_open_move]", run: "click" },
        { content: "the entry is on the passbook account", trigger: ".o_field_widget[name=line_ids] .o_data_row:contains('2512')" },
        { content: "the entry is posted", trigger: ".o_arrow_button_current[data-value=posted], .o_statusbar_status .o_arrow_button_current:contains('Comptabilis')" },
    ],
});

registry.category("web_tour.tours").add("kondo_accountant_general_ledger", {
    url: "/odoo/action-account_financial_report.action_general_ledger_wizard",
    steps: () => [
        { content: "show the general ledger", trigger: "button[name=button_export_html]", run: "click" },
        { content: "the deposit is in it", trigger: ":iframe body:contains('2512'):contains('TRAORÉ Awa')" },
    ],
});

registry.category("web_tour.tours").add("kondo_accountant_trial_balance", {
    url: "/odoo/action-account_financial_report.action_trial_balance_wizard",
    steps: () => [
        { content: "from", trigger: "input[data-field=date_from]", run: `edit 01/01/${year}` },
        { content: "to", trigger: "input[data-field=date_to]", run: `edit 31/12/${year} && press Tab` },
        { content: "show the trial balance", trigger: "button[name=button_export_html]", run: "click" },
        { content: "the passbook account has its balance", trigger: ":iframe body:contains('2512')" },
    ],
});
