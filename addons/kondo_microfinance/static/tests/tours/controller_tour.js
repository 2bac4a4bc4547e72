import { registry } from "@web/core/registry";

// The controller sees every caisse below the union and finds no button that changes anything.
registry.category("web_tour.tours").add("kondo_controller_reads_all", {
    url: "/odoo/kondo-comptes-epargne",
    steps: () => [
        { content: "an account of Niono", trigger: ".o_data_row:contains('TRAORÉ Awa')" },
        { content: "an account of Ségou", trigger: ".o_data_row:contains('DIALLO Oumou')" },
        { content: "nothing to create", trigger: ".o_control_panel:not(:has(.o_list_button_add))" },
        { content: "open an account", trigger: ".o_data_row:contains('DIALLO Oumou') .o_data_cell[name=number]", run: "click" },
        { content: "the account shows, without buttons", trigger: ".o_form_view:has(.o_field_widget[name=balance]):not(:has(button[name=action_block]))" },
    ],
});

// A teller of Niono looks for a member of Ségou and finds nobody.
registry.category("web_tour.tours").add("kondo_teller_sees_own_caisse", {
    url: "/odoo/kondo-membres",
    steps: () => [
        { content: "own member", trigger: ".o_content:contains('TRAORÉ Awa')" },
        { content: "nobody of Ségou", trigger: ".o_content:not(:contains('DIALLO Oumou'))" },
    ],
});
