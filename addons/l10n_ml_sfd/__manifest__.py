{
    "name": "Mali - Savings and credit institutions (RCSSFD)",
    "summary": "Chart of accounts of the SFD of the West African Monetary Union, loaded for Mali",
    "version": "19.0.1.0.0",
    "category": "Accounting/Localizations/Account Charts",
    "author": "Kondo",
    "license": "AGPL-3",
    "depends": ["account"],
    "data": ["views/account_account_views.xml"],
}
