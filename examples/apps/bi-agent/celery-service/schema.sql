-- What the tasks work on. Applied before each of them, so it changes nothing that is there.
SELECT pg_advisory_xact_lock(hashtext('analytics.sales'));
CREATE SCHEMA IF NOT EXISTS analytics;
CREATE TABLE IF NOT EXISTS analytics.sales (
  day date NOT NULL, region text NOT NULL, customer text NOT NULL, visits int NOT NULL, ad_spend float8 NOT NULL,
  price float8 NOT NULL, weekend int NOT NULL, revenue float8 NOT NULL, PRIMARY KEY (day, region));
CREATE TABLE IF NOT EXISTS analytics.kpis (
  name text PRIMARY KEY, value float8 NOT NULL, computed_at timestamptz NOT NULL DEFAULT now());
CREATE MATERIALIZED VIEW IF NOT EXISTS analytics.revenue_by_day AS
  SELECT day, sum(revenue) AS revenue, sum(visits) AS visits, sum(ad_spend) AS ad_spend
  FROM analytics.sales GROUP BY day ORDER BY day;
