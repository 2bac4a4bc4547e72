import { registry } from "@web/core/registry";

// The manager reads how much is late, opens the loans behind a figure and comes back to where he was.
registry.category("web_tour.tours").add("kondo_manager_reads_the_portfolio", {
    url: "/odoo/kondo-portefeuille",
    steps: () => [
        { content: "the loan that is late", trigger: "[data-table=quality] [data-row=total] [data-column=par_30]:contains('100')" },
        { content: "by age", trigger: "select[name=by]", run: "select age" },
        { content: "a woman of 38 years", trigger: "[data-table=quality] [data-row='36'] [data-column=loans]:contains('1')" },
        { content: "the figure opens", trigger: "[data-table=quality] [data-row='36'] [data-column=par_30] button", run: "click" },
        { content: "her loan", trigger: ".o_list_view .o_data_row:contains('TRAORÉ Awa')" },
        { content: "back", trigger: ".o_breadcrumb a, .breadcrumb-item a", run: "click" },
        { content: "still by age", trigger: "[data-table=quality] [data-row='36']" },
        { content: "the ageing list", trigger: "button[name=ageing]", run: "click" },
        { content: "open it", trigger: "button[name=arrears]", run: "click" },
        { content: "her phone and her delay", trigger: ".o_list_view .o_data_row:contains('76 12 34 56'):contains('40')" },
    ],
});
