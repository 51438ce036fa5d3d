-- SPDX-License-Identifier: Apache-2.0
--
-- 2.sql - the views, for SQLite and PostgreSQL alike; README explains what they count.

-- What each meter did between two readings that follow each other.
CREATE VIEW steps AS
WITH placed AS (
	-- An agent's readings stand in the order of seq, whatever its clock did meanwhile.
	SELECT r.customer, r.site, r.device, m.name, m.part, m.unit, r.month, r.time,
		r.agent, r.seq, r.swapped, m.value,
		max(r.time) OVER (PARTITION BY r.device, m.name, m.part, m.unit, r.agent
			ORDER BY r.seq) AS place
	FROM readings r
	JOIN meters m ON m.agent = r.agent AND m.seq = r.seq
	WHERE r.device IS NOT NULL
), beside AS (
	SELECT placed.*,
		lag(value) OVER between_others AS previous,
		lead(value) OVER between_others AS following,
		lead(swapped) OVER between_others AS following_swapped
	FROM placed
	WINDOW between_others AS (PARTITION BY device, name, part, unit
		ORDER BY place, agent, seq)
), judged AS (
	-- Alone out of line, while its neighbours go on: a stray value, not a counter.
	SELECT beside.*,
		CASE WHEN swapped = 0 AND following_swapped = 0 AND previous <= following
				AND (value < previous OR value > following)
			THEN 1 ELSE 0 END AS stray
	FROM beside
), sound AS (
	SELECT judged.*,
		lag(value) OVER w AS value_before,
		lag(time) OVER w AS since
	FROM judged
	WHERE stray = 0
	WINDOW w AS (PARTITION BY device, name, part, unit ORDER BY place, agent, seq)
)
SELECT customer, site, device, name AS meter, part, unit, month, agent, seq, place, since, time,
	value_before, value,
	CASE WHEN value_before IS NULL THEN 'first'
		WHEN swapped = 1 THEN 'swap'
		WHEN value < value_before THEN 'reset'
		ELSE 'step' END AS kind,
	CASE WHEN value_before IS NULL OR swapped = 1 OR value < value_before THEN 0
		ELSE value - value_before END AS pages
FROM sound
UNION ALL
SELECT customer, site, device, name, part, unit, month, agent, seq, place, NULL, time,
	NULL, value, 'stray', 0
FROM judged
WHERE stray = 1;

-- Pages by device, meter and calendar month (UTC).
CREATE VIEW billing AS
WITH ends AS (
	SELECT steps.*,
		first_value(coalesce(value_before, value)) OVER m AS value_from,
		last_value(value) OVER m AS value_to
	FROM steps
	WHERE kind <> 'stray'
	WINDOW m AS (PARTITION BY customer, site, device, meter, part, unit, month
		ORDER BY place, agent, seq
		ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
)
SELECT customer, site, device, meter, part, unit, month,
	CAST(sum(pages) AS bigint) AS pages,
	min(value_from) AS value_from,
	min(value_to) AS value_to,
	min(coalesce(since, time)) AS time_from,
	max(time) AS time_to,
	count(*) AS readings,
	sum(CASE WHEN kind = 'reset' THEN 1 ELSE 0 END) AS resets,
	sum(CASE WHEN kind = 'swap' THEN 1 ELSE 0 END) AS swaps,
	CAST(sum(CASE WHEN kind IN ('reset', 'swap') THEN value ELSE 0 END) AS bigint)
		AS since_reset
FROM ends
GROUP BY customer, site, device, meter, part, unit, month;

-- Urgent facts; resolved: the whole record has come, and is what counts.
CREATE VIEW urgent_facts AS
WITH known AS (
	SELECT u.agent, u.device_hash, max(r.device) AS device
	FROM urgent u
	JOIN readings r ON r.agent = u.agent AND r.seq = u.seq
	GROUP BY u.agent, u.device_hash
)
SELECT u.agent, u.seq, u.time, u.device_hash,
	coalesce(r.device, known.device) AS device,
	CASE WHEN r.agent IS NULL THEN 0 ELSE 1 END AS resolved,
	u.record
FROM urgent u
LEFT JOIN readings r ON r.agent = u.agent AND r.seq = u.seq
LEFT JOIN known ON known.agent = u.agent AND known.device_hash = u.device_hash;

-- Numbers of records that an agent gave and that are not here (yet).
CREATE VIEW gaps AS
SELECT agent, seq + 1 AS first_missing, next_seq - 1 AS last_missing
FROM (
	SELECT agent, seq, lead(seq) OVER (PARTITION BY agent ORDER BY seq) AS next_seq
	FROM readings
) numbered
WHERE next_seq > seq + 1;
