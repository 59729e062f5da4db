--
-- PostgreSQL database dump
--

\restrict abc

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

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

--
-- Name: f(); Type: FUNCTION; Schema: public; Owner: app_owner
--

CREATE FUNCTION public.f() RETURNS integer
    LANGUAGE sql
    AS $$select 1$$;


ALTER FUNCTION public.f() OWNER TO app_owner;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: orders; Type: TABLE; Schema: public; Owner: app_owner
--

CREATE TABLE public.orders (
    id bigint NOT NULL,
    item text NOT NULL,
    seller text DEFAULT CURRENT_USER
);


ALTER TABLE public.orders OWNER TO app_owner;

--
-- Name: orders_id_seq; Type: SEQUENCE; Schema: public; Owner: app_owner
--

CREATE SEQUENCE public.orders_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE public.orders_id_seq OWNER TO app_owner;

--
-- Name: orders_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: app_owner
--

ALTER SEQUENCE public.orders_id_seq OWNED BY public.orders.id;


--
-- Name: totals; Type: VIEW; Schema: public; Owner: app_owner
--

CREATE VIEW public.totals AS
 SELECT count(*) AS count
   FROM public.orders;


ALTER TABLE public.totals OWNER TO app_owner;

--
-- Name: orders id; Type: DEFAULT; Schema: public; Owner: app_owner
--

ALTER TABLE ONLY public.orders ALTER COLUMN id SET DEFAULT nextval('public.orders_id_seq'::regclass);


--
-- Data for Name: orders; Type: TABLE DATA; Schema: public; Owner: app_owner
--

COPY public.orders (id, item, seller) FROM stdin;
1	item 1	app_owner
2	item 2	app_owner
3	item 3	app_owner
4	item 4	app_owner
5	item 5	app_owner
\.


--
-- Name: orders_id_seq; Type: SEQUENCE SET; Schema: public; Owner: app_owner
--

SELECT pg_catalog.setval('public.orders_id_seq', 5, true);


--
-- Name: orders orders_pkey; Type: CONSTRAINT; Schema: public; Owner: app_owner
--

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);


--
-- Name: orders mine; Type: POLICY; Schema: public; Owner: app_owner
--

CREATE POLICY mine ON public.orders FOR SELECT TO app_reader USING (true);


--
-- Name: orders; Type: ROW SECURITY; Schema: public; Owner: app_owner
--

ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;

--
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: pg_database_owner
--

GRANT CREATE ON SCHEMA public TO app_owner;


--
-- Name: FUNCTION f(); Type: ACL; Schema: public; Owner: app_owner
--

GRANT ALL ON FUNCTION public.f() TO batch;


--
-- Name: TABLE orders; Type: ACL; Schema: public; Owner: app_owner
--

GRANT SELECT ON TABLE public.orders TO app_reader;
GRANT SELECT ON TABLE public.orders TO "Reporting ""team""";


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: public; Owner: app_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA public GRANT SELECT ON TABLES  TO app_reader;


--
-- PostgreSQL database dump complete
--

\unrestrict abc

