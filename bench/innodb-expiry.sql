-- What a batched touch costs with the expiry in the row and with the expiry in a narrow table of its own, and what that
-- second place costs whoever reads and stores. By an account with all rights, on a server with nothing else to do
-- (tried on MariaDB 10.11; written for MySQL 8.0 too) and a buffer of 2 GB, about five minutes:
--
--   mariadb --table --user=… < bench/innodb-expiry.sql        (or mysql --table …)
--
-- 200,000 sessions of 1 KB. In each of three rounds every session is touched, 500 in a transaction as the flusher does it,
-- then read, and 5,000 are stored one by one, always in random order; row and narrow table take turns. "pages MB" is what
-- was written of changed pages until none was left in the buffer, the doublewrite copies not counted. The binary log is
-- MySQL's default, not MariaDB's.
DROP DATABASE IF EXISTS bench_expiry;
CREATE DATABASE bench_expiry;
USE bench_expiry;
SET @dirty_pct = @@GLOBAL.innodb_max_dirty_pages_pct;

-- The table as the package makes it; one more like it but without an expiry, and the narrow one.
CREATE TABLE wide (
  key_crc32 BIGINT NOT NULL, cache_key VARBINARY(1024) NOT NULL, format INT NOT NULL, version BIGINT NOT NULL,
  expires_at BIGINT NOT NULL, sliding_ms BIGINT NULL, absolute_at BIGINT NULL,
  created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, recent_stamps VARBINARY(1024) NULL, value LONGBLOB NOT NULL,
  PRIMARY KEY (key_crc32, cache_key)) ENGINE = InnoDB;
CREATE TABLE without_expiry LIKE wide;
ALTER TABLE without_expiry DROP COLUMN expires_at, DROP COLUMN sliding_ms, DROP COLUMN absolute_at;
CREATE TABLE expiries (
  key_crc32 BIGINT NOT NULL, cache_key VARBINARY(1024) NOT NULL,
  expires_at BIGINT NOT NULL, sliding_ms BIGINT NULL, absolute_at BIGINT NULL,
  PRIMARY KEY (key_crc32, cache_key)) ENGINE = InnoDB;
CREATE TABLE turns (
  turn INT NOT NULL PRIMARY KEY, key_crc32 BIGINT NOT NULL, cache_key VARBINARY(36) NOT NULL) ENGINE = InnoDB;
CREATE TABLE results (
  work VARCHAR(16), expiry VARCHAR(16), done INT, seconds DOUBLE, redo BIGINT, pages BIGINT, binary_log BIGINT) ENGINE = InnoDB;

-- In no order of the key, as sessions come.
CREATE TABLE digits (d INT NOT NULL PRIMARY KEY);
INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
INSERT INTO wide
SELECT CRC32(cache_key), cache_key, 1, number, 1000000, 1200000, NULL, 0, 0, NULL, REPEAT('x', 1024)
FROM (
  SELECT number, LEFT(SHA2(number, 256), 36) AS cache_key
  FROM (
    SELECT a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d + 100000 * f.d AS number
    FROM digits AS a CROSS JOIN digits AS b CROSS JOIN digits AS c CROSS JOIN digits AS d CROSS JOIN digits AS e
    CROSS JOIN (SELECT d FROM digits WHERE d < 2) AS f) AS numbers) AS k
ORDER BY number;
INSERT INTO without_expiry SELECT key_crc32, cache_key, format, version, created_at, updated_at, recent_stamps, value FROM wide ORDER BY version;
INSERT INTO expiries SELECT key_crc32, cache_key, expires_at, sliding_ms, absolute_at FROM wide ORDER BY version;
SELECT COUNT(*) INTO @sessions FROM wide;

DELIMITER //

-- The two families keep their counters in different places; a table that is not there fails only where it is asked for.
CREATE PROCEDURE count_up(OUT redo BIGINT, OUT pages BIGINT, OUT dirty BIGINT, OUT binary_log BIGINT)
BEGIN
  SET @status = IF(VERSION() LIKE '%MariaDB%', 'information_schema', 'performance_schema');
  SET @query = CONCAT(
    'SELECT SUM(IF(variable_name = ''Innodb_os_log_written'', variable_value, 0)), ',
    'SUM(IF(variable_name = ''Innodb_buffer_pool_pages_flushed'', variable_value, 0)), ',
    'SUM(IF(variable_name = ''Innodb_buffer_pool_pages_dirty'', variable_value, 0)), ',
    'SUM(IF(variable_name = ''Binlog_bytes_written'', variable_value, 0)) ',
    'INTO @redo, @pages, @dirty, @binary_log FROM ', @status, '.global_status');
  PREPARE counters FROM @query;
  EXECUTE counters;
  IF @status = 'performance_schema' THEN
    SET @query = 'SELECT SUM(sum_number_of_bytes_write) INTO @binary_log FROM performance_schema.file_summary_by_event_name WHERE event_name = ''wait/io/file/sql/binlog''';
    PREPARE counters FROM @query;
    EXECUTE counters;
  END IF;
  SELECT @redo, @pages, @dirty, @binary_log INTO redo, pages, dirty, binary_log;
END //

CREATE PROCEDURE flush_pages()
BEGIN
  DECLARE redo, pages, dirty, binary_log BIGINT;
  SET GLOBAL innodb_max_dirty_pages_pct = 0;
  REPEAT
    DO SLEEP(0.2);
    CALL count_up(redo, pages, dirty, binary_log);
  UNTIL dirty <= 20 END REPEAT;
  SET GLOBAL innodb_max_dirty_pages_pct = @dirty_pct;
END //

CREATE PROCEDURE shuffle(count INT)
BEGIN
  TRUNCATE TABLE turns;
  INSERT INTO turns SELECT ROW_NUMBER() OVER (ORDER BY r) - 1, key_crc32, cache_key
  FROM (SELECT key_crc32, cache_key, RAND() AS r FROM expiries ORDER BY r LIMIT count) AS some;
END //

CREATE PROCEDURE touch(in_row BOOLEAN)
BEGIN
  DECLARE done INT DEFAULT 0;
  WHILE done < @sessions DO
    IF in_row THEN
      UPDATE turns AS u STRAIGHT_JOIN wide AS t ON t.key_crc32 = u.key_crc32 AND t.cache_key = u.cache_key
      SET t.expires_at = t.expires_at + 60000 WHERE u.turn >= done AND u.turn < done + 500;
    ELSE
      UPDATE turns AS u STRAIGHT_JOIN expiries AS t ON t.key_crc32 = u.key_crc32 AND t.cache_key = u.cache_key
      SET t.expires_at = t.expires_at + 60000 WHERE u.turn >= done AND u.turn < done + 500;
    END IF;
    SET done = done + 500;
  END WHILE;
END //

CREATE PROCEDURE find(in_row BOOLEAN)
BEGIN
  DECLARE found BIGINT;
  IF in_row THEN
    SELECT SUM(t.expires_at + LENGTH(t.value)) INTO found
    FROM turns AS u STRAIGHT_JOIN wide AS t ON t.key_crc32 = u.key_crc32 AND t.cache_key = u.cache_key;
  ELSE
    SELECT SUM(e.expires_at + LENGTH(t.value)) INTO found
    FROM turns AS u STRAIGHT_JOIN without_expiry AS t ON t.key_crc32 = u.key_crc32 AND t.cache_key = u.cache_key
    STRAIGHT_JOIN expiries AS e ON e.key_crc32 = u.key_crc32 AND e.cache_key = u.cache_key;
  END IF;
END //

-- The value's first byte changes, as where an entry does.
CREATE PROCEDURE store(in_row BOOLEAN, count INT)
BEGIN
  DECLARE done INT DEFAULT 0;
  DECLARE crc BIGINT;
  DECLARE k VARBINARY(36);
  WHILE done < count DO
    SELECT key_crc32, cache_key INTO crc, k FROM turns WHERE turn = done;
    IF in_row THEN
      UPDATE wide SET value = CONCAT(CHAR(MOD(version, 64) + 32), SUBSTR(value, 2)), version = version + 1,
        expires_at = expires_at + 60000, updated_at = updated_at + 60000
      WHERE key_crc32 = crc AND cache_key = k;
    ELSE
      UPDATE without_expiry AS t STRAIGHT_JOIN expiries AS e ON e.key_crc32 = t.key_crc32 AND e.cache_key = t.cache_key
      SET t.value = CONCAT(CHAR(MOD(t.version, 64) + 32), SUBSTR(t.value, 2)), t.version = t.version + 1,
        e.expires_at = e.expires_at + 60000, t.updated_at = t.updated_at + 60000
      WHERE t.key_crc32 = crc AND t.cache_key = k;
    END IF;
    SET done = done + 1;
  END WHILE;
END //

CREATE PROCEDURE measure(work VARCHAR(16), in_row BOOLEAN, count INT)
BEGIN
  DECLARE redo, pages, dirty, binary_log, redo_before, pages_before, binary_log_before BIGINT;
  DECLARE begun DATETIME(6);
  DECLARE seconds DOUBLE;
  CALL flush_pages();
  CALL count_up(redo_before, pages_before, dirty, binary_log_before);
  SET begun = SYSDATE(6);
  CASE work WHEN 'touch' THEN CALL touch(in_row); WHEN 'read' THEN CALL find(in_row); ELSE CALL store(in_row, count); END CASE;
  SET seconds = TIMESTAMPDIFF(MICROSECOND, begun, SYSDATE(6)) / 1000000;
  CALL count_up(redo, pages, dirty, binary_log);
  SET redo = redo - redo_before, binary_log = binary_log - binary_log_before;
  CALL flush_pages();
  CALL count_up(@ignored, pages, dirty, @ignored);
  INSERT INTO results VALUES (work, IF(in_row, 'row', 'narrow table'), count, seconds, redo, pages - pages_before, binary_log);
END //

CREATE PROCEDURE run(rounds INT)
BEGIN
  DECLARE round INT DEFAULT 0;
  WHILE round < rounds DO
    CALL shuffle(@sessions);
    CALL measure('touch', MOD(round, 2) = 0, @sessions);
    CALL measure('touch', MOD(round, 2) = 1, @sessions);
    CALL measure('read', MOD(round, 2) = 0, @sessions);
    CALL measure('read', MOD(round, 2) = 1, @sessions);
    CALL measure('store', MOD(round, 2) = 0, 5000);
    CALL measure('store', MOD(round, 2) = 1, 5000);
    SET round = round + 1;
  END WHILE;
END //

DELIMITER ;

CALL run(3);

SELECT work, expiry, ROUND(1e6 * AVG(seconds / done), 1) AS `us each`, ROUND(AVG(redo / done)) AS `redo B each`,
  ROUND(AVG(pages) * @@innodb_page_size / 1e6) AS `pages MB`, ROUND(AVG(binary_log / done)) AS `binary log B each`
FROM results GROUP BY work, expiry ORDER BY work DESC, expiry DESC;
SELECT table_name AS `table`, ROUND(data_length / 1e6) AS MB
FROM information_schema.tables WHERE table_schema = 'bench_expiry' AND table_name IN ('wide', 'without_expiry', 'expiries');

DROP DATABASE bench_expiry;
