{
    "name": "Kondo Returns",
    "summary": "Returns to the BCEAO and the supervising authority: computed, checked, filed, proved",
    "version": "19.0.1.0.0",
    "category": "Accounting/Microfinance",
    "author": "Kondo",
    "license": "AGPL-3",
    "depends": ["kondo_microfinance", "report_xlsx", "account_financial_report"],
    "data": [
        # forms
        "security/forms/ir.model.access.csv",
        "data/returns_parameter.xml",
        "data/forms.xml",
        "views/form_views.xml",
        # sources
        "data/source_parameter.xml",
        # returns
        "security/returns/ir.model.access.csv",
        "security/returns_rules.xml",
        "data/return_life_parameter.xml",
        "data/return_type.xml",
        "report/return_report.xml",
        "views/return_views.xml",
        "views/return_cell_views.xml",
        "views/return_obligation_views.xml",
        # registers
        "data/registers_parameter.xml",
        "security/registers/ir.model.access.csv",
        "security/registers/registers_rules.xml",
        "report/registers_report.xml",
        "views/registers_views.xml",
        "views/registers_bureau_views.xml",
        "views/registers_aml_views.xml",
        # books
        "security/books/ir.model.access.csv",
        "security/books/books_rules.xml",
        "report/books_report.xml",
        "views/books_views.xml",
        "views/menus.xml",
        # menus of the rooms
        "views/form_menus.xml",
        "views/return_menus.xml",
        "views/registers_menus.xml",
        "views/books_menus.xml",
    ],
    "assets": {"web.assets_tests": ["kondo_bceao_reports/static/tests/tours/**/*"]},
    "application": True,
}
