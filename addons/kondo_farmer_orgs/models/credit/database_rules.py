"""What the database itself keeps true of loans that are split among people.

1. When a transaction commits, the parts granted add up to the amount of the contract, once the loan has parts and its
   file has been submitted.
2. When a transaction commits, the payments of the parts add up to what the loan received.
3. Payments of parts, and of guarantors, are only ever added.

Both sums are checked by deferred triggers: parts are typed one after the other, and a payment is written in several rows.
"""

SPLIT_RULES = """
CREATE OR REPLACE FUNCTION kondo_split_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    loan integer;
    contract bigint;
    step varchar;
    number varchar;
    parts integer;
    total bigint;
BEGIN
    IF TG_TABLE_NAME = 'kondo_loan' THEN
        loan := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        loan := OLD.loan_id;
    ELSE
        loan := NEW.loan_id;
    END IF;
    SELECT l.amount, l.state, l.name INTO contract, step, number FROM kondo_loan l WHERE l.id = loan;
    IF step IS NULL OR step IN ('draft', 'refused', 'cancelled') THEN
        RETURN NULL;
    END IF;
    SELECT count(*), COALESCE(sum(s.granted), 0) INTO parts, total FROM kondo_loan_split s WHERE s.loan_id = loan;
    IF parts > 0 AND total <> contract THEN
        RAISE EXCEPTION 'kondo: the parts of the loan % make %, the contract is %', number, total, contract
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS kondo_split_whole ON kondo_loan_split;
CREATE CONSTRAINT TRIGGER kondo_split_whole AFTER INSERT OR UPDATE OF granted, loan_id OR DELETE ON kondo_loan_split
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kondo_split_is_whole();
DROP TRIGGER IF EXISTS kondo_split_contract ON kondo_loan;
CREATE CONSTRAINT TRIGGER kondo_split_contract AFTER UPDATE OF amount, state ON kondo_loan
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kondo_split_is_whole();
"""

PAYMENT_RULES = """
CREATE OR REPLACE FUNCTION kondo_part_payment_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'kondo: what a person paid is never changed, the payment is reversed'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE OR REPLACE FUNCTION kondo_split_payments_agree() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    received bigint;
    named bigint;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM kondo_loan_split s WHERE s.loan_id = NEW.loan_id) THEN
        RETURN NULL;
    END IF;
    SELECT COALESCE(sum(a.amount), 0) INTO received FROM kondo_loan_allocation a WHERE a.loan_id = NEW.loan_id;
    SELECT COALESCE(sum(p.amount), 0) INTO named FROM kondo_loan_split_payment p WHERE p.loan_id = NEW.loan_id;
    IF received <> named THEN
        RAISE EXCEPTION 'kondo: the people of loan % paid %, the loan received %', NEW.loan_id, named, received
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS kondo_split_payment_immutable ON kondo_loan_split_payment;
CREATE TRIGGER kondo_split_payment_immutable BEFORE UPDATE OR DELETE ON kondo_loan_split_payment
    FOR EACH ROW EXECUTE FUNCTION kondo_part_payment_is_immutable();
DROP TRIGGER IF EXISTS kondo_split_payment_no_truncate ON kondo_loan_split_payment;
CREATE TRIGGER kondo_split_payment_no_truncate BEFORE TRUNCATE ON kondo_loan_split_payment
    FOR EACH STATEMENT EXECUTE FUNCTION kondo_part_payment_is_immutable();
DROP TRIGGER IF EXISTS kondo_split_payment_agrees ON kondo_loan_split_payment;
CREATE CONSTRAINT TRIGGER kondo_split_payment_agrees AFTER INSERT ON kondo_loan_split_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kondo_split_payments_agree();
DROP TRIGGER IF EXISTS kondo_split_allocation_agrees ON kondo_loan_allocation;
CREATE CONSTRAINT TRIGGER kondo_split_allocation_agrees AFTER INSERT ON kondo_loan_allocation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kondo_split_payments_agree();
"""

JOINT_PAYMENT_RULES = """
DROP TRIGGER IF EXISTS kondo_joint_payment_immutable ON kondo_joint_payment;
CREATE TRIGGER kondo_joint_payment_immutable BEFORE UPDATE OR DELETE ON kondo_joint_payment
    FOR EACH ROW EXECUTE FUNCTION kondo_part_payment_is_immutable();
DROP TRIGGER IF EXISTS kondo_joint_payment_no_truncate ON kondo_joint_payment;
CREATE TRIGGER kondo_joint_payment_no_truncate BEFORE TRUNCATE ON kondo_joint_payment
    FOR EACH STATEMENT EXECUTE FUNCTION kondo_part_payment_is_immutable();
"""

DROP_SPLIT_RULES = """
DROP FUNCTION IF EXISTS kondo_split_is_whole, kondo_split_payments_agree, kondo_part_payment_is_immutable CASCADE;
"""
