"""What the database itself refuses about returns, whoever asks.

1. A filed return is not deleted, and nothing of it is updated except that another one replaces it.
2. Cells, controls, typed values and explanations of a filed return are neither added, nor changed, nor deleted.
3. No table of them is ever emptied at a stroke.
"""

RETURN_RULES = """
CREATE OR REPLACE FUNCTION kondo_return_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'kondo: returns are never emptied' USING ERRCODE = 'restrict_violation';
END $$;

CREATE OR REPLACE FUNCTION kondo_return_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('filed', 'replaced') THEN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'kondo: return % is filed and never deleted', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
        IF NOT (NEW.state = OLD.state OR (OLD.state = 'filed' AND NEW.state = 'replaced' AND NEW.replaced_by_id IS NOT NULL))
           OR (OLD.replaced_by_id IS NOT NULL AND NEW.replaced_by_id IS DISTINCT FROM OLD.replaced_by_id)
           OR (NEW.company_id, NEW.type_id, NEW.scope, NEW.frequency, NEW.date_from, NEW.date, NEW.edition, NEW.layout,
               NEW.computed_by_id, NEW.computed_at, NEW.validated_by_id, NEW.validated_at, NEW.filed_by_id, NEW.filed_at,
               NEW.replaces_id, NEW.replace_reason, NEW.frozen, NEW.frozen_hash)
              IS DISTINCT FROM
              (OLD.company_id, OLD.type_id, OLD.scope, OLD.frequency, OLD.date_from, OLD.date, OLD.edition, OLD.layout,
               OLD.computed_by_id, OLD.computed_at, OLD.validated_by_id, OLD.validated_at, OLD.filed_by_id, OLD.filed_at,
               OLD.replaces_id, OLD.replace_reason, OLD.frozen, OLD.frozen_hash) THEN
            RAISE EXCEPTION 'kondo: return % is filed and never changes', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE OR REPLACE FUNCTION kondo_return_part_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM kondo_return r
                WHERE r.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.return_id END,
                               CASE WHEN TG_OP <> 'DELETE' THEN NEW.return_id END)
                  AND r.state IN ('filed', 'replaced')) THEN
        RAISE EXCEPTION 'kondo: the return is filed and never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

DROP TRIGGER IF EXISTS kondo_return_frozen ON kondo_return;
CREATE TRIGGER kondo_return_frozen BEFORE UPDATE OR DELETE ON kondo_return
    FOR EACH ROW EXECUTE FUNCTION kondo_return_is_frozen();
DROP TRIGGER IF EXISTS kondo_return_no_truncate ON kondo_return;
CREATE TRIGGER kondo_return_no_truncate BEFORE TRUNCATE ON kondo_return
    FOR EACH STATEMENT EXECUTE FUNCTION kondo_return_refuse_truncate();
"""

PART_RULES = """
DROP TRIGGER IF EXISTS {table}_frozen ON {table};
CREATE TRIGGER {table}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION kondo_return_part_is_frozen();
DROP TRIGGER IF EXISTS {table}_no_truncate ON {table};
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION kondo_return_refuse_truncate();
"""


def part_rules(table):
    """The rules of a table whose rows belong to a return, and the names of its triggers."""
    return PART_RULES.format(table=table), (f"{table}_frozen", f"{table}_no_truncate")
