import { registry } from "@web/core/registry";

/** The row of a figure of the report. */
function figure(label) {
    return `.o_field_widget[name=row_ids] .o_data_row:contains('${label}')`;
}

// The manager of the network opens the report of a line, and the names and the loans behind its numbers.
registry.category("web_tour.tours").add("kondo_network_reports_to_a_donor", {
    url: "/odoo/kondo-lignes",
    steps: () => [
        { content: "the line", trigger: ".o_data_row .o_data_cell:contains('SOS Faim 2017')", run: "click" },
        { content: "its report", trigger: "button[name=action_donor_report]", run: "click" },
        { content: "two organisations", trigger: `${figure("Organisations paysannes")}:contains('2')` },
        { content: "three women", trigger: `.o_field_widget[name=row_ids] .o_data_row:has(.o_data_cell:text('Femmes')):contains('3')` },
        { content: "who they are", trigger: `.o_field_widget[name=row_ids] .o_data_row:has(.o_data_cell:text('Femmes')) button[name=action_open]`, run: "click" },
        { content: "one of them, by name", trigger: ".o_list_view .o_data_row:contains('COULIBALY Awa'):contains('SCOOPS Benkadi')" },
        { content: "no man among them", trigger: ".o_list_view:not(:has(.o_data_row:contains('COULIBALY Adama')))" },
        { content: "three names", trigger: ".o_list_view .o_data_row:eq(2)" },
        { content: "back", trigger: ".breadcrumb-item:last a, .o_back_button", run: "click" },
        { content: "the loans behind what is owed", trigger: `${figure("Encours au dernier jour")} button[name=action_open_whole]`, run: "click" },
        { content: "two loans", trigger: ".o_list_view .o_data_row:eq(1)" },
    ],
});
