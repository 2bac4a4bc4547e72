{
    "name": "Kondo: yardstick of the counter",
    "summary": "Bare journal entries to measure operations against; installed by tests.bench only",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Kondo",
    "license": "AGPL-3",
    "depends": ["kondo_microfinance"],
    "installable": True,
}
