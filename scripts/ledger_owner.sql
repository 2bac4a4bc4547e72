-- Gives the ledger's tables and rules to a role nobody logs in with, so that the role Odoo connects as can add
-- operations and read them, and nothing else: not switch the rules off, not empty or drop the tables.
--
-- Run once by a superuser on the network's database, with Odoo stopped:
--     psql -d DATABASE -v odoo=ODOO_ROLE -f scripts/ledger_owner.sql
-- An update of Kondo that adds a column to these tables needs them back for its duration:
--     psql -d DATABASE -c 'ALTER TABLE kondo_operation OWNER TO ODOO_ROLE' … then this script again.
\set ON_ERROR_STOP on
SELECT 'CREATE ROLE kondo_ledger_owner NOLOGIN' WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'kondo_ledger_owner') \gexec

BEGIN;
ALTER TABLE kondo_operation OWNER TO kondo_ledger_owner;
ALTER TABLE kondo_operation_line OWNER TO kondo_ledger_owner;
ALTER FUNCTION kondo_refuse_truncate() OWNER TO kondo_ledger_owner;
ALTER FUNCTION kondo_operation_is_immutable() OWNER TO kondo_ledger_owner;
ALTER FUNCTION kondo_operation_is_balanced() OWNER TO kondo_ledger_owner;
ALTER FUNCTION kondo_line_is_immutable() OWNER TO kondo_ledger_owner;
REVOKE ALL ON kondo_operation, kondo_operation_line FROM :"odoo";
GRANT SELECT, INSERT, UPDATE, REFERENCES ON kondo_operation TO :"odoo";
GRANT SELECT, INSERT, REFERENCES ON kondo_operation_line TO :"odoo";
GRANT USAGE, SELECT ON SEQUENCE kondo_operation_id_seq, kondo_operation_line_id_seq TO :"odoo";
GRANT SELECT ON kondo_operation, kondo_operation_line TO kondo_ledger_owner;
COMMIT;

-- The schema must not be Odoo's either, or its role could drop what lies in it.
ALTER SCHEMA public OWNER TO kondo_ledger_owner;
GRANT USAGE, CREATE ON SCHEMA public TO :"odoo";
