"""Savings accounts get the ledger account they stand on, and a block apart from their state."""


def migrate(cr, version):
    cr.execute("""
        ALTER TABLE kondo_savings_account
            ADD COLUMN IF NOT EXISTS ledger_account_id integer,
            ADD COLUMN IF NOT EXISTS block varchar,
            ADD COLUMN IF NOT EXISTS last_movement_on date,
            ADD COLUMN IF NOT EXISTS last_withdrawal_on date;
        UPDATE kondo_savings_account a
           SET ledger_account_id = p.account_id,
               block = CASE WHEN a.state = 'blocked' THEN 'all' ELSE 'none' END,
               state = CASE WHEN a.state = 'blocked' THEN 'active' ELSE a.state END,
               last_movement_on = (SELECT max(l.business_date) FROM kondo_operation_line l
                                    WHERE l.savings_account_id = a.id),
               last_withdrawal_on = (SELECT max(l.business_date) FROM kondo_operation_line l
                                      WHERE l.savings_account_id = a.id AND l.amount > 0)
          FROM kondo_savings_product p
         WHERE p.id = a.product_id AND a.ledger_account_id IS NULL
    """)
