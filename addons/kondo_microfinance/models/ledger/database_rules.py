"""What the database itself refuses, whoever asks.

1. A posted operation is never updated or deleted; nothing is ever truncated.
2. A leg is only added to an operation that is still `new`, and is never updated or deleted.
3. When a transaction commits, each operation it made is posted, has at least two legs and sums to zero.
4. The posted journal entry of an operation is not updated in what it says, nor deleted, and neither are its lines.

The statements are idempotent: `init()` of the models applies them at every installation and update. Where the
tables belong to another role than the server's (docs/production.md), the server cannot switch the rules off, nor set
them up: `init()` then only verifies that they stand.
"""

from odoo.exceptions import UserError


def apply_rules(env, table, rules, triggers):
    """Set up the triggers of a table, or verify them when the table is another role's.

    :raises UserError: the table is another role's and a trigger is missing or switched off
    """
    env.cr.execute(
        "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = %s::regclass", (table,)
    )
    if env.cr.fetchone()[0]:
        env.cr.execute(rules)
        return
    env.cr.execute(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled IN ('O', 'A') AND NOT tgisinternal",
        (table,),
    )
    missing = set(triggers) - {name for (name,) in env.cr.fetchall()}
    if missing:
        raise UserError(
            env._("The rules of the ledger are not in force (%(rules)s).", rules=", ".join(sorted(missing)))
        )


OPERATION_RULES = """
CREATE OR REPLACE FUNCTION kondo_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'kondo: the ledger is never emptied' USING ERRCODE = 'restrict_violation';
END $$;

CREATE OR REPLACE FUNCTION kondo_operation_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'posted' THEN
        RAISE EXCEPTION 'kondo: operation % is posted and never changes', OLD.uuid USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE OR REPLACE FUNCTION kondo_operation_is_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    legs integer;
    total bigint;
    current_state varchar;
BEGIN
    SELECT state INTO current_state FROM kondo_operation WHERE id = NEW.id;
    IF current_state IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT count(*), COALESCE(sum(amount), 0) INTO legs, total FROM kondo_operation_line WHERE operation_id = NEW.id;
    IF current_state <> 'posted' OR legs < 2 OR total <> 0 THEN
        RAISE EXCEPTION 'kondo: operation % is % with % legs that sum to %', NEW.uuid, current_state, legs, total
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS kondo_operation_immutable ON kondo_operation;
CREATE TRIGGER kondo_operation_immutable BEFORE UPDATE OR DELETE ON kondo_operation
    FOR EACH ROW EXECUTE FUNCTION kondo_operation_is_immutable();
DROP TRIGGER IF EXISTS kondo_operation_no_truncate ON kondo_operation;
CREATE TRIGGER kondo_operation_no_truncate BEFORE TRUNCATE ON kondo_operation
    FOR EACH STATEMENT EXECUTE FUNCTION kondo_refuse_truncate();
"""

LINE_RULES = """
CREATE OR REPLACE FUNCTION kondo_line_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT 1 FROM kondo_operation o WHERE o.id = NEW.operation_id AND o.state = 'new'
                          AND o.company_id = NEW.company_id) THEN
            RAISE EXCEPTION 'kondo: legs are only added to a new operation of the same caisse'
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'kondo: the legs of an operation never change' USING ERRCODE = 'restrict_violation';
END $$;

DROP TRIGGER IF EXISTS kondo_line_immutable ON kondo_operation_line;
CREATE TRIGGER kondo_line_immutable BEFORE INSERT OR UPDATE OR DELETE ON kondo_operation_line
    FOR EACH ROW EXECUTE FUNCTION kondo_line_is_immutable();
DROP TRIGGER IF EXISTS kondo_line_no_truncate ON kondo_operation_line;
CREATE TRIGGER kondo_line_no_truncate BEFORE TRUNCATE ON kondo_operation_line
    FOR EACH STATEMENT EXECUTE FUNCTION kondo_refuse_truncate();
DROP TRIGGER IF EXISTS kondo_operation_balanced ON kondo_operation;
CREATE CONSTRAINT TRIGGER kondo_operation_balanced AFTER INSERT ON kondo_operation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kondo_operation_is_balanced();
"""

MOVE_RULES = """
CREATE OR REPLACE FUNCTION kondo_move_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.kondo_operation_id IS NOT NULL AND OLD.state = 'posted' THEN
        IF TG_OP = 'DELETE'
           OR (NEW.name IS DISTINCT FROM OLD.name AND COALESCE(OLD.name, '/') <> '/')  -- Odoo numbers while it posts
           OR (NEW.state, NEW.date, NEW.journal_id, NEW.company_id, NEW.kondo_operation_id)
              IS DISTINCT FROM
              (OLD.state, OLD.date, OLD.journal_id, OLD.company_id, OLD.kondo_operation_id) THEN
            RAISE EXCEPTION 'kondo: entry % belongs to an operation and never changes', OLD.name
                USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE OR REPLACE FUNCTION kondo_move_line_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM account_move m
                WHERE m.id IN (OLD.move_id, CASE WHEN TG_OP = 'UPDATE' THEN NEW.move_id END)
                  AND m.kondo_operation_id IS NOT NULL AND m.state = 'posted') THEN
        IF TG_OP = 'DELETE'
           OR (NEW.account_id, NEW.balance, NEW.debit, NEW.credit, NEW.amount_currency, NEW.move_id, NEW.company_id)
              IS DISTINCT FROM
              (OLD.account_id, OLD.balance, OLD.debit, OLD.credit, OLD.amount_currency, OLD.move_id, OLD.company_id)
        THEN
            RAISE EXCEPTION 'kondo: the entry of an operation never changes' USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

DROP TRIGGER IF EXISTS kondo_move_immutable ON account_move;
CREATE TRIGGER kondo_move_immutable BEFORE UPDATE OF state, name, date, journal_id, company_id, kondo_operation_id OR DELETE
    ON account_move FOR EACH ROW WHEN (OLD.kondo_operation_id IS NOT NULL)
    EXECUTE FUNCTION kondo_move_is_immutable();
DROP TRIGGER IF EXISTS kondo_move_line_immutable ON account_move_line;
CREATE TRIGGER kondo_move_line_immutable
    BEFORE UPDATE OF account_id, balance, debit, credit, amount_currency, move_id, company_id OR DELETE
    ON account_move_line FOR EACH ROW EXECUTE FUNCTION kondo_move_line_is_immutable();
"""

DROP_ALL = """
DROP TRIGGER IF EXISTS kondo_move_immutable ON account_move;
DROP TRIGGER IF EXISTS kondo_move_line_immutable ON account_move_line;
DROP FUNCTION IF EXISTS kondo_refuse_truncate, kondo_operation_is_immutable, kondo_operation_is_balanced,
    kondo_line_is_immutable, kondo_move_is_immutable, kondo_move_line_is_immutable CASCADE;
"""
