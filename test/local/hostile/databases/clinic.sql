--
-- PostgreSQL database dump
--

\restrict clinic

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE ROLE clinic_owner NOLOGIN;
CREATE ROLE nurse NOLOGIN;
CREATE ROLE "Dr. House" LOGIN CONNECTION LIMIT 3;
GRANT nurse TO "Dr. House" WITH ADMIN OPTION;
ALTER ROLE nurse SET statement_timeout TO '30s';
ALTER DATABASE app SET "DateStyle" TO 'ISO, DMY';
ALTER DATABASE app SET "clinic.ward" TO 'north; or ''south''';
ALTER ROLE nurse IN DATABASE app SET search_path TO 'care', 'public';
COMMENT ON DATABASE app IS 'A clinic; its patients are made up';
GRANT CONNECT ON DATABASE app TO nurse;
REVOKE TEMPORARY ON DATABASE app FROM PUBLIC;

CREATE SCHEMA care;
ALTER SCHEMA care OWNER TO clinic_owner;
COMMENT ON SCHEMA care IS 'What nurses and doctors see';
CREATE SCHEMA audit;
GRANT USAGE ON SCHEMA audit TO clinic_owner;
CREATE SCHEMA extensions;
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO clinic_owner;

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA extensions;
COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';
CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA extensions;

CREATE TYPE care.blood AS ENUM (
    '0-',
    '0+',
    'A''?',
    'AB+'
);
ALTER TYPE care.blood OWNER TO clinic_owner;
-- As after ALTER TYPE ... ADD VALUE ... BEFORE.
ALTER TYPE care.blood ADD VALUE 'unknown' BEFORE '0-';

CREATE DOMAIN care.phone AS text
	CONSTRAINT phone_check CHECK ((VALUE ~ '^[0-9+ ]+$'::text));
CREATE DOMAIN care.score AS smallint NOT NULL DEFAULT 0
	CONSTRAINT score_high CHECK ((VALUE <= 100))
	CONSTRAINT score_low CHECK ((VALUE >= 0));
COMMENT ON CONSTRAINT score_low ON DOMAIN care.score IS 'none is negative';

CREATE TYPE care.address AS (
	street text COLLATE pg_catalog."C",
	zip character varying(10),
	country character(2)
);
COMMENT ON COLUMN care.address.zip IS 'with letters in some countries';

CREATE TYPE care.dose_range AS RANGE (
    subtype = numeric,
    multirange_type_name = care.dose_multirange
);

CREATE FUNCTION audit.log_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'audit', 'pg_temp'
    AS $_$
begin
  insert into audit.changes (relation, operation, row_before) values (tg_relid::regclass::text, tg_op, to_jsonb(old));
  return coalesce(new, old); -- $1; $body$
end;
$_$;
ALTER FUNCTION audit.log_change() OWNER TO clinic_owner;
REVOKE ALL ON FUNCTION audit.log_change() FROM PUBLIC;

CREATE FUNCTION audit.note_ddl() RETURNS event_trigger
    LANGUAGE plpgsql
    AS $$begin raise debug 'ddl %', tg_tag; end;$$;

CREATE FUNCTION care.age_of(born date, OUT years integer, OUT is_adult boolean) RETURNS record
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5
    AS $_$select extract(year from age(date '2030-01-01', $1))::int, age(date '2030-01-01', $1) >= interval '18 years'$_$;

CREATE FUNCTION care.free_beds(VARIADIC wards text[] DEFAULT '{}'::text[]) RETURNS SETOF integer
    LANGUAGE plpgsql STABLE ROWS 7
    AS $$begin return query select b.number from care.beds b where b.ward = any (wards) and not b.is_taken; end$$;

CREATE FUNCTION care.is_open(day date) RETURNS boolean
    LANGUAGE sql IMMUTABLE LEAKPROOF
    RETURN (EXTRACT(dow FROM day) <> (0)::numeric);

CREATE PROCEDURE care.discharge(IN patient bigint, INOUT freed integer DEFAULT NULL::integer)
    LANGUAGE plpgsql
    AS $$begin update care.beds set is_taken = false where patient_id = patient returning number into freed; end$$;
COMMENT ON PROCEDURE care.discharge(IN patient bigint, INOUT freed integer) IS 'frees the bed';

SET default_tablespace = '';
SET default_table_access_method = heap;

CREATE TABLE audit.changes (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    by name DEFAULT CURRENT_USER NOT NULL,
    relation text NOT NULL,
    operation text NOT NULL,
    row_before jsonb
);
ALTER TABLE audit.changes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME audit.changes_id_seq
    START WITH 1000
    INCREMENT BY 10
    MINVALUE 1000
    NO MAXVALUE
    CACHE 5
);

CREATE TABLE care.patients (
    id bigint NOT NULL,
    name text NOT NULL,
    born date,
    blood care.blood DEFAULT 'unknown'::care.blood NOT NULL,
    home care.address DEFAULT ROW('Main St'::text, '12345'::character varying(10), 'DE'::character(2))::care.address,
    phones care.phone[] DEFAULT '{}'::text[] NOT NULL,
    pain care.score,
    tolerated care.dose_range,
    safe care.dose_multirange,
    initials text GENERATED ALWAYS AS ("left"(name, 2)) STORED,
    picture oid,
    note text COLLATE pg_catalog."C",
    CONSTRAINT born_later CHECK ((born > '1900-01-01'::date)) NO INHERIT
);
ALTER TABLE ONLY care.patients ALTER COLUMN note SET STATISTICS 500;
ALTER TABLE ONLY care.patients ALTER COLUMN note SET STORAGE EXTERNAL;
ALTER TABLE care.patients OWNER TO clinic_owner;
COMMENT ON TABLE care.patients IS 'Made up: E''\ backslash, "quotes" and
a second line';
COMMENT ON COLUMN care.patients.pain IS '0 to 100';

CREATE SEQUENCE care.patients_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE care.patients_id_seq OWNER TO clinic_owner;
ALTER SEQUENCE care.patients_id_seq OWNED BY care.patients.id;
ALTER TABLE ONLY care.patients ALTER COLUMN id SET DEFAULT nextval('care.patients_id_seq'::regclass);

CREATE SEQUENCE care.ticket
    AS smallint
    START WITH 90
    INCREMENT BY -1
    MINVALUE 1
    MAXVALUE 99
    CACHE 1
    CYCLE;

CREATE TABLE care.beds (
    ward text NOT NULL,
    number integer NOT NULL,
    patient_id bigint,
    is_taken boolean DEFAULT false NOT NULL
)
WITH (fillfactor='70', autovacuum_enabled='false');

CREATE TABLE care.stays (
    ward text NOT NULL,
    number integer NOT NULL,
    during tstzrange NOT NULL,
    patient_id bigint NOT NULL
);
CREATE UNLOGGED TABLE care.session_cache (
    token uuid NOT NULL,
    body jsonb
);

CREATE VIEW care.adults WITH (security_barrier='true') AS
 SELECT id,
    name
   FROM care.patients p
  WHERE (care.age_of(born)).is_adult
  WITH LOCAL CHECK OPTION;
ALTER VIEW care.adults ALTER COLUMN name SET DEFAULT 'nobody';
CREATE RECURSIVE VIEW care.countdown (n) AS
 VALUES (10) UNION ALL SELECT n - 1 FROM countdown WHERE n > 0;

CREATE MATERIALIZED VIEW care.wards AS
 SELECT ward, count(*) AS beds, count(*) FILTER (WHERE is_taken) AS taken
   FROM care.beds
  GROUP BY ward
  WITH NO DATA;

COPY care.patients (id, name, born, blood, home, phones, pain, tolerated, safe, picture, note) FROM stdin;
1	Ada; Lovelace	1915-12-10	AB+	("Long ""Road"" 1",EC1,GB)	{"+44 1","2"}	7	[0.5,2)	{[0,1),[3,4)}	\N	tab\tand \\ backslash
2	Żółć 患者 😀	\N	A'?	\N	{}	0	empty	{}	\N	\N
3	\\N	2001-02-03	0-	(,,)	{}	100	(,)	\N	\N	
\.

INSERT INTO care.patients (id, name, born, note)
 SELECT n, 'Patient ' || n, date '1940-01-01' + (n % 20000), repeat(md5(n::text), 1 + n % 90) FROM generate_series(4, 4000) n;
INSERT INTO care.beds SELECT 'ward ' || n % 9, n, NULL, n % 3 = 0 FROM generate_series(1, 600) n;
INSERT INTO care.stays
 SELECT 'ward ' || n % 9, n, tstzrange('2029-01-01 00:00+00', '2029-01-02 00:00+00'), 1 + n % 4000 FROM generate_series(1, 600) n;
SELECT pg_catalog.setval('care.patients_id_seq', 4000, true);
SELECT pg_catalog.setval('care.ticket', 42, false);

ALTER TABLE ONLY audit.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY care.patients
    ADD CONSTRAINT patients_pkey PRIMARY KEY (id);
ALTER TABLE ONLY care.beds
    ADD CONSTRAINT beds_pkey PRIMARY KEY (ward, number) INCLUDE (is_taken);
ALTER TABLE ONLY care.beds REPLICA IDENTITY USING INDEX beds_pkey;
ALTER TABLE ONLY care.beds
    ADD CONSTRAINT beds_patient UNIQUE NULLS NOT DISTINCT (patient_id, ward, number) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY care.stays
    ADD CONSTRAINT one_at_a_time EXCLUDE USING gist (ward WITH =, number WITH =, during WITH &&) WHERE ((number > 0)) DEFERRABLE;
ALTER TABLE care.patients
    ADD CONSTRAINT name_has_letters CHECK ((name ~ '[a-z]'::text)) NOT VALID;
ALTER TABLE ONLY care.stays
    ADD CONSTRAINT stays_patient FOREIGN KEY (patient_id) REFERENCES care.patients(id) ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY care.stays
    ADD CONSTRAINT stays_bed FOREIGN KEY (ward, number) REFERENCES care.beds(ward, number) MATCH FULL NOT VALID;
CREATE INDEX patients_by_name ON care.patients USING btree (lower(name) text_pattern_ops, born DESC NULLS LAST) WHERE (born IS NOT NULL);
CREATE INDEX patients_phones ON care.patients USING gin (phones) WITH (fastupdate='off');
CREATE INDEX changes_at ON audit.changes USING brin (at) WITH (pages_per_range='16');
CREATE UNIQUE INDEX wards_ward ON care.wards USING btree (ward);
ALTER TABLE care.beds CLUSTER ON beds_pkey;
CREATE STATISTICS care.patients_born (ndistinct, mcv) ON blood, (EXTRACT(year FROM born)) FROM care.patients;

CREATE RULE no_delete AS
    ON DELETE TO care.adults DO INSTEAD NOTHING;
CREATE RULE adults_update AS
    ON UPDATE TO care.adults DO ALSO  NOTIFY adults;
CREATE TRIGGER a_logged AFTER DELETE OR UPDATE OF name ON care.patients FOR EACH ROW WHEN ((old.name IS NOT NULL)) EXECUTE FUNCTION audit.log_change();
CREATE TRIGGER b_disabled BEFORE INSERT ON care.patients FOR EACH ROW EXECUTE FUNCTION audit.log_change();
ALTER TABLE care.patients DISABLE TRIGGER b_disabled;
CREATE TRIGGER c_replica AFTER TRUNCATE ON care.beds FOR EACH STATEMENT EXECUTE FUNCTION audit.log_change();
ALTER TABLE care.beds ENABLE REPLICA TRIGGER c_replica;
CREATE CONSTRAINT TRIGGER d_late AFTER DELETE ON care.stays DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.log_change('an argument', E'\\x');
ALTER TABLE care.stays ENABLE ALWAYS TRIGGER d_late;
CREATE TRIGGER e_transition AFTER INSERT ON care.stays REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION audit.log_change();
ALTER TABLE care.stays DISABLE TRIGGER e_transition;
CREATE TRIGGER f_instead INSTEAD OF INSERT ON care.adults FOR EACH ROW EXECUTE FUNCTION audit.log_change();

ALTER TABLE care.patients ENABLE ROW LEVEL SECURITY;
ALTER TABLE ONLY care.beds FORCE ROW LEVEL SECURITY;
CREATE POLICY own_ward ON care.beds FOR UPDATE TO nurse, "Dr. House" USING ((ward = CURRENT_SETTING('clinic.ward'::text))) WITH CHECK ((NOT is_taken));
CREATE POLICY "only by day" ON care.patients AS RESTRICTIVE USING (care.is_open(CURRENT_DATE));
CREATE POLICY all_rows ON care.patients FOR SELECT USING (true);
COMMENT ON POLICY own_ward ON care.beds IS 'not those of others';

SELECT pg_catalog.lo_from_bytea(30001, '\xcafe');
SELECT pg_catalog.lo_from_bytea(30002, '\x00');
GRANT SELECT ON LARGE OBJECT 30001 TO nurse;
ALTER LARGE OBJECT 30002 OWNER TO clinic_owner;

CREATE EVENT TRIGGER ddl_noted ON ddl_command_end
         WHEN TAG IN ('CREATE VIEW', 'DROP TABLE')
   EXECUTE FUNCTION audit.note_ddl();
CREATE EVENT TRIGGER rewrites_noted ON table_rewrite EXECUTE FUNCTION audit.note_ddl();
ALTER EVENT TRIGGER rewrites_noted DISABLE;

GRANT INSERT ON TABLE audit.changes TO clinic_owner;
GRANT USAGE ON SCHEMA care TO nurse;
GRANT SELECT, UPDATE ON TABLE care.beds TO nurse WITH GRANT OPTION;
GRANT SELECT (id, name), UPDATE (name) ON TABLE care.patients TO nurse;
GRANT ALL ON SEQUENCE care.ticket TO "Dr. House";
REVOKE ALL ON TYPE care.blood FROM PUBLIC;
GRANT ALL ON TYPE care.blood TO nurse;
GRANT SELECT ON TABLE care.adults TO PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE clinic_owner IN SCHEMA care GRANT SELECT ON TABLES TO nurse;
ALTER DEFAULT PRIVILEGES FOR ROLE clinic_owner REVOKE ALL ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE postgres GRANT USAGE ON SEQUENCES TO nurse WITH GRANT OPTION;

REFRESH MATERIALIZED VIEW care.wards;

\unrestrict clinic

--
-- PostgreSQL database dump complete
--
