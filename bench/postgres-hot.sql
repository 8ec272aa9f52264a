-- How many updates are heap-only (HOT), and what the room for them costs, by fillfactor and with or without an index
-- on the expiry. On a database of your own (PostgreSQL 12 or later), about three minutes:
--
--   psql --no-psqlrc --quiet --file=bench/postgres-hot.sql "host=… dbname=… user=…"
--
-- Rows are touched as the flusher does it, 100 in a transaction, in rounds in which every row has its turn, in random
-- order; then stored one by one in the same way. Autovacuum is off: what is found is what updates tidy up themselves.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET synchronous_commit = off;
DROP SCHEMA IF EXISTS bench_hot CASCADE;
CREATE SCHEMA bench_hot;
SET search_path = bench_hot;

-- Payloads that do not compress, as encrypted or base64 entries do not.
CREATE TABLE payloads AS
SELECT bytes, number, (SELECT decode(string_agg(md5(random()::text || number || part), ''), 'hex') FROM generate_series(1, bytes / 16) AS part) AS payload
FROM (VALUES (1024), (1760), (16384)) AS sizes (bytes), generate_series(0, 31) AS number;

CREATE TABLE results (
  payload integer, expiry_index boolean, fill_factor integer,
  touches_hot numeric, stores_hot numeric, heap_new bigint, heap_touched bigint, heap_stored bigint, indexes_stored bigint);

-- The table as the package makes it, filled.
CREATE PROCEDURE fill(fill_factor integer, expiry_index boolean, bytes integer, count integer) LANGUAGE plpgsql AS $$
BEGIN
  DROP TABLE IF EXISTS smart_cache;
  EXECUTE format('CREATE TABLE smart_cache (
    key_crc32 bigint NOT NULL, cache_key bytea NOT NULL, format integer NOT NULL, version bigint NOT NULL,
    expires_at bigint NOT NULL, sliding_ms bigint NULL, absolute_at bigint NULL,
    created_at bigint NOT NULL, updated_at bigint NOT NULL, recent_stamps bytea NULL, value bytea NOT NULL,
    PRIMARY KEY (key_crc32, cache_key)) WITH (fillfactor = %s, autovacuum_enabled = off, toast.autovacuum_enabled = off)', fill_factor);
  IF expiry_index THEN
    CREATE INDEX ON smart_cache (expires_at);
  END IF;
  INSERT INTO smart_cache
  SELECT hashtext(i::text)::bigint + 2147483648, convert_to(md5(i::text) || '-ses', 'UTF8'), 1, i, 1000000 + i, 1200000, NULL, 0, 0, NULL,
    (SELECT payload FROM payloads AS p WHERE p.bytes = fill.bytes AND p.number = i % 32)
  FROM generate_series(1, count) AS i;
END $$;

CREATE PROCEDURE touch(rounds integer) LANGUAGE plpgsql AS $$
DECLARE batch record;
BEGIN
  FOR round IN 1..rounds LOOP
    CREATE TEMP TABLE batches AS
      SELECT array_agg(key_crc32) AS crcs, array_agg(cache_key) AS keys
      FROM (SELECT key_crc32, cache_key, (row_number() OVER (ORDER BY random()) - 1) / 100 AS number FROM smart_cache) AS r GROUP BY number;
    COMMIT;
    FOR batch IN SELECT * FROM batches LOOP
      UPDATE smart_cache AS t SET expires_at = t.expires_at + 60000
      FROM unnest(batch.crcs, batch.keys) AS b (crc, key) WHERE t.key_crc32 = b.crc AND t.cache_key = b.key;
      COMMIT;
    END LOOP;
    DROP TABLE batches;
  END LOOP;
END $$;

CREATE PROCEDURE store(rounds integer, bytes integer) LANGUAGE plpgsql AS $$
DECLARE row record;
BEGIN
  FOR round IN 1..rounds LOOP
    CREATE TEMP TABLE turns AS SELECT key_crc32, cache_key FROM smart_cache ORDER BY random();
    COMMIT;
    FOR row IN SELECT * FROM turns LOOP
      UPDATE smart_cache SET
        value = (SELECT payload FROM payloads AS p WHERE p.bytes = store.bytes AND p.number = round), version = version + 1,
        expires_at = expires_at + 60000, updated_at = updated_at + 60000
      WHERE key_crc32 = row.key_crc32 AND cache_key = row.cache_key;
      COMMIT;
    END LOOP;
    DROP TABLE turns;
  END LOOP;
END $$;

-- Counted within one call: what the server has not published of its own session yet.
CREATE PROCEDURE measure(fill_factor integer, expiry_index boolean, bytes integer, count integer) LANGUAGE plpgsql AS $$
DECLARE
  updated bigint; hot bigint; touches_hot numeric; heap_new bigint; heap_touched bigint;
BEGIN
  CALL fill(fill_factor, expiry_index, bytes, count);
  COMMIT;
  heap_new := pg_relation_size('smart_cache');
  CALL touch(5);
  updated := pg_stat_get_xact_tuples_updated('smart_cache'::regclass);
  hot := pg_stat_get_xact_tuples_hot_updated('smart_cache'::regclass);
  touches_hot := 100.0 * hot / updated;
  heap_touched := pg_relation_size('smart_cache');
  CALL store(2, bytes);
  INSERT INTO results VALUES (
    bytes, expiry_index, fill_factor, touches_hot,
    100.0 * (pg_stat_get_xact_tuples_hot_updated('smart_cache'::regclass) - hot)
      / (pg_stat_get_xact_tuples_updated('smart_cache'::regclass) - updated),
    heap_new, heap_touched, pg_relation_size('smart_cache'), pg_indexes_size('smart_cache'));
  COMMIT;
END $$;

SELECT format('CALL measure(%s, %L, %s, %s)', fill_factor, expiry_index, bytes, count)
FROM (VALUES (1024, 20000), (1760, 10000), (16384, 4000)) AS payloads (bytes, count),
  unnest(ARRAY[false, true]) AS expiry_index, unnest(ARRAY[100, 90, 80, 70]) AS fill_factor
ORDER BY bytes, expiry_index, fill_factor DESC
\gexec

SELECT payload, expiry_index AS "expiry index", fill_factor AS "fillfactor",
  round(touches_hot) AS "HOT touches %", round(stores_hot) AS "HOT stores %",
  round(heap_new / 1048576.0, 1) AS "heap MB, new", round(heap_touched / 1048576.0, 1) AS "after touches",
  round(heap_stored / 1048576.0, 1) AS "after stores", round(indexes_stored / 1048576.0, 1) AS "indexes MB"
FROM results ORDER BY payload, expiry_index, fill_factor DESC;

DROP SCHEMA bench_hot CASCADE;
