"""Savings interest of the demonstration: the passbook at 3,5 %, posted at each month's end by the end of the day."""

from datetime import timedelta


def start(life):
    """The rule of the passbook, with a better rate from 500 000 F; overdrafts of demand accounts cost 15 %."""
    first = life.days[0].replace(day=1) - timedelta(days=60)
    life.env["kondo.savings.interest.rule"].create(
        [
            {
                "product_id": life.products["LIV"].id,
                "date_from": first,
                "annual_rate": 3.5,
                "balance_basis": "lowest_of_month",
                "days_in_year": "360",
                "posting": "monthly",
                "minimum_balance": 5_000,
                "tier_mode": "marginal",
                "tier_ids": [(0, 0, {"from_amount": 500_000, "rate": 4})],
            },
            {
                "product_id": life.products["DAV"].id,
                "date_from": first,
                "annual_rate": 0,
                "days_in_year": "360",
                "posting": "quarterly",
                "overdraft_rate": 15,
                "minimum_overdraft": 500,
            },
        ]
    )
