--
-- PostgreSQL database dump
--

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET client_min_messages = warning;

CREATE ROLE "Bibliothekar*in" NOLOGIN;
CREATE ROLE "select" NOLOGIN;

CREATE SCHEMA "Bücherei";
CREATE SCHEMA "a.b ""c""";
CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS ltree WITH SCHEMA "a.b ""c""";
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public;

CREATE COLLATION "Bücherei".german (provider = icu, locale = 'de-u-co-phonebk');
CREATE COLLATION "Bücherei".no_case (provider = icu, deterministic = false, locale = 'und-u-ks-level2');
CREATE COLLATION public.posix FROM "C";

CREATE TYPE "Bücherei"."Zustand ✓" AS ENUM ('neu', 'gelesen', 'zer''lesen', '', 'Ω');
CREATE DOMAIN "Bücherei".isbn AS character varying(13) COLLATE public.posix CHECK ((length((VALUE)::text) = ANY (ARRAY[10, 13])));
CREATE DOMAIN public.short_isbn AS "Bücherei".isbn;
CREATE TYPE public.complex;
CREATE FUNCTION public.complex_in(cstring) RETURNS public.complex LANGUAGE internal IMMUTABLE STRICT AS $$int8in$$;
CREATE FUNCTION public.complex_out(public.complex) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS $$int8out$$;
CREATE TYPE public.complex (
    INTERNALLENGTH = 8,
    INPUT = public.complex_in,
    OUTPUT = public.complex_out,
    ALIGNMENT = double,
    STORAGE = plain,
    CATEGORY = 'X',
    PASSEDBYVALUE
);
CREATE TYPE public.text_range AS RANGE (subtype = text, subtype_opclass = pg_catalog.text_pattern_ops, collation = "Bücherei".german);

CREATE FUNCTION public.same_title(left_one text, right_one text) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $_$select lower($1) = lower($2)$_$;
CREATE FUNCTION public.overloaded(integer) RETURNS text LANGUAGE sql AS $$select 'integer'::text$$;
CREATE FUNCTION public.overloaded(text, anyarray, OUT a text, INOUT b anyelement) RETURNS record LANGUAGE sql AS $_$select 'b'::text, $3$_$;
CREATE FUNCTION public.overloaded("Ä" "Bücherei"."Zustand ✓" DEFAULT 'Ω'::"Bücherei"."Zustand ✓") RETURNS TABLE("a b" integer, c text[])
    LANGUAGE plpgsql
    SET work_mem TO '6MB'
    AS $outer$begin return query select 1, array[$inner$;--/*$inner$]; end$outer$;
CREATE FUNCTION public.state_rank("Bücherei"."Zustand ✓") RETURNS integer LANGUAGE sql IMMUTABLE AS $$select 1$$;
CREATE FUNCTION public.compare_backwards(text, text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS $_$select bttextcmp($2, $1)$_$;

CREATE OPERATOR public.~=~~ (
    FUNCTION = public.same_title,
    LEFTARG = text,
    RIGHTARG = text,
    COMMUTATOR = OPERATOR(public.~=~~),
    RESTRICT = eqsel,
    JOIN = eqjoinsel,
    HASHES
);
CREATE OPERATOR FAMILY public.backwards USING btree;
CREATE OPERATOR CLASS public.text_backwards
    FOR TYPE text USING btree FAMILY public.backwards AS
    OPERATOR 1 >(text,text) ,
    OPERATOR 2 >=(text,text) ,
    OPERATOR 3 =(text,text) ,
    OPERATOR 4 <=(text,text) ,
    OPERATOR 5 <(text,text) ,
    FUNCTION 1 (text, text) public.compare_backwards(text,text);
CREATE CAST ("Bücherei"."Zustand ✓" AS integer) WITH FUNCTION public.state_rank("Bücherei"."Zustand ✓") AS ASSIGNMENT;
CREATE CAST (public.complex AS bigint) WITHOUT FUNCTION;
CREATE CONVERSION public.latin_there FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;

CREATE TEXT SEARCH DICTIONARY public.german_words (
    TEMPLATE = pg_catalog.snowball,
    language = 'german', stopwords = 'german' );
CREATE TEXT SEARCH DICTIONARY public.plain_words (
    TEMPLATE = pg_catalog.simple );
CREATE TEXT SEARCH CONFIGURATION public.library (
    PARSER = pg_catalog."default" );
ALTER TEXT SEARCH CONFIGURATION public.library ADD MAPPING FOR asciiword WITH public.german_words, public.plain_words;
ALTER TEXT SEARCH CONFIGURATION public.library ADD MAPPING FOR word WITH public.unaccent, public.german_words;
CREATE TEXT SEARCH PARSER public.own_parser (
    START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, HEADLINE = prsd_headline, LEXTYPES = prsd_lextype );
CREATE TEXT SEARCH TEMPLATE public.own_template (INIT = dsimple_init, LEXIZE = dsimple_lexize );
CREATE ACCESS METHOD heap_too TYPE TABLE HANDLER pg_catalog.heap_tableam_handler;
CREATE TRUSTED LANGUAGE sql_too HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;

CREATE TABLE "Bücherei"."Bücher & ""Hefte""" (
    "ISBN" "Bücherei".isbn NOT NULL,
    "Titel des Buches" text COLLATE "Bücherei".german NOT NULL,
    "select" public.citext DEFAULT 'from;'::public.citext,
    zustand "Bücherei"."Zustand ✓" DEFAULT 'neu'::"Bücherei"."Zustand ✓",
    tags public.hstore DEFAULT '"a"=>"1"'::public.hstore,
    regal "a.b ""c""".ltree,
    gesucht tsvector GENERATED ALWAYS AS (to_tsvector('public.library'::regconfig, "Titel des Buches")) STORED,
    seiten public.complex,
    spanne public.text_range,
    xml xml DEFAULT '<a/>'::xml,
    daten json,
    geld money,
    weg path,
    "ein Name, der so lang ist, daß er genau an die Grenze stößt ✓" integer
);
CREATE TABLE "Bücherei"."%I %s $1 \ / ;--" (
    "'" integer NOT NULL,
    """" text,
    "	tab" text COLLATE "Bücherei".no_case,
    "
line" timestamp(3) without time zone
);
CREATE TABLE "a.b ""c"""."." (
    id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    "ID" uuid DEFAULT gen_random_uuid(),
    body bytea,
    moment time with time zone
) USING heap_too;
CREATE TABLE public.no_key (a integer, b character(5), c "char", d name, e oid, f jsonpath, g int4multirange, h numeric(5,-2));
CREATE TABLE public.all_null (a integer, b text);

CREATE VIEW "Bücherei"."Neue Bücher" AS
 SELECT "ISBN", "Titel des Buches" AS "Titel" FROM "Bücherei"."Bücher & ""Hefte""" WHERE zustand = 'neu'::"Bücherei"."Zustand ✓" AND "Titel des Buches" OPERATOR(public.~=~~) 'x';
CREATE VIEW public.uses_window AS
 SELECT a, sum(a) OVER w AS s, GROUPING(a) AS g FROM public.no_key GROUP BY ROLLUP (a) WINDOW w AS (ORDER BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES);
CREATE VIEW public.uses_json AS
 SELECT j.* FROM XMLTABLE('/r' PASSING ('<r/>'::xml) COLUMNS x text PATH '@x') j, public.no_key t TABLESAMPLE system (50) REPEATABLE (1);
CREATE MATERIALIZED VIEW "Bücherei"."Zähler" AS SELECT zustand, count(*) AS "Zahl" FROM "Bücherei"."Bücher & ""Hefte""" GROUP BY zustand WITH NO DATA;

COPY "Bücherei"."%I %s $1 \ / ;--" ("'", """", "	tab", "
line") FROM stdin;
1	it's "quoted"	Äß	2029-02-28 23:59:59.999
2	\\.	\N	-infinity
-2147483648	\b\f\v	é	infinity
\.

COPY public.no_key (a, b, c, d, e, f, g, h) FROM stdin;
1	ab   	x	pg_name	4294967295	$."a"[*]	{[1,3),[5,8)}	12300
1	ab   	x	pg_name	4294967295	$."a"[*]	{[1,3),[5,8)}	12300
\N	\N		\N	0	\N	{}	NaN
\.

INSERT INTO "Bücherei"."Bücher & ""Hefte""" ("ISBN", "Titel des Buches", regal, seiten, spanne, daten, geld, weg)
 SELECT lpad(n::text, 13, '0'), CASE n % 3 WHEN 0 THEN 'Ärger im Büro ' ELSE 'Die Straße 🛣 ' END || n, ('Top.R' || n % 40)::"a.b ""c""".ltree, n::text::public.complex,
   '[a,b)', '{"b":1,  "a" : 2, "a": 3}', n::numeric::money, '[(0,0),(1,1)]'
   FROM generate_series(1, 3000) n;
INSERT INTO "a.b ""c"""."." (body, moment) SELECT decode(md5(n::text), 'hex'), '12:00:00+02' FROM generate_series(1, 1500) n;
INSERT INTO public.all_null SELECT NULL, NULL FROM generate_series(1, 50) n;

ALTER TABLE ONLY "Bücherei"."Bücher & ""Hefte"""
    ADD CONSTRAINT "Bücher ""Schlüssel""" PRIMARY KEY ("ISBN");
ALTER TABLE ONLY "a.b ""c"""."."
    ADD CONSTRAINT "._pkey" PRIMARY KEY (id);
CREATE UNIQUE INDEX "eindeutig, aber mit NULL" ON "Bücherei"."%I %s $1 \ / ;--" USING btree ("	tab");
CREATE UNIQUE INDEX usable_key ON "Bücherei"."%I %s $1 \ / ;--" USING btree ("'" DESC);
CREATE INDEX titel_trgm ON "Bücherei"."Bücher & ""Hefte""" USING gist ("Titel des Buches" public.gist_trgm_ops (siglen='32'));
CREATE INDEX titel_backwards ON "Bücherei"."Bücher & ""Hefte""" USING btree ("Titel des Buches" COLLATE "C" public.text_backwards);
CREATE INDEX gesucht_gin ON "Bücherei"."Bücher & ""Hefte""" USING gin (gesucht) WITH (gin_pending_list_limit='256');
CREATE INDEX regal_gist ON "Bücherei"."Bücher & ""Hefte""" USING gist (regal);
CREATE INDEX "Zähler Index" ON "Bücherei"."Zähler" USING btree (zustand);
ALTER TABLE ONLY "Bücherei"."%I %s $1 \ / ;--"
    ADD CONSTRAINT "nicht 'so'" CHECK ((("""" IS NULL) OR ("""" <> 'it''s'::text)));

ALTER TABLE "Bücherei"."Bücher & ""Hefte""" OWNER TO "Bibliothekar*in";
ALTER FUNCTION public.overloaded(integer) OWNER TO "select";
GRANT SELECT ("Titel des Buches"), REFERENCES ("ISBN") ON TABLE "Bücherei"."Bücher & ""Hefte""" TO "select" WITH GRANT OPTION;
GRANT ALL ON SCHEMA "a.b ""c""" TO "Bibliothekar*in";
GRANT SELECT ON TABLE "a.b ""c"""."." TO "Bibliothekar*in", PUBLIC;
GRANT USAGE ON LANGUAGE sql_too TO "select";
REVOKE ALL ON TABLE public.all_null FROM postgres;
COMMENT ON TABLE "a.b ""c"""."." IS 'one dot';
COMMENT ON COLUMN "Bücherei"."%I %s $1 \ / ;--"."
line" IS '';
COMMENT ON COLUMN "Bücherei"."Bücher & ""Hefte"""."select" IS '🛣 $$ '' " \ %I';
COMMENT ON OPERATOR public.~=~~ (text, text) IS 'the same title';
COMMENT ON CAST ("Bücherei"."Zustand ✓" AS integer) IS 'rank';
COMMENT ON COLLATION "Bücherei".german IS 'phone book';
COMMENT ON TEXT SEARCH CONFIGURATION public.library IS 'of books';
COMMENT ON OPERATOR CLASS public.text_backwards USING btree IS 'from z to a';
COMMENT ON CONVERSION public.latin_there IS 'there';
COMMENT ON LANGUAGE sql_too IS 'a name for plpgsql';
COMMENT ON ACCESS METHOD heap_too IS 'a name for heap';
COMMENT ON ROLE "select" IS 'of the whole server';
COMMENT ON TYPE public.complex IS 'eight bytes';

REFRESH MATERIALIZED VIEW "Bücherei"."Zähler";

--
-- PostgreSQL database dump complete
--
