-- SPDX-License-Identifier: Apache-2.0
--
-- 3.sql - the views of 2.sql, where a meter is told by more than one plugin: what one counts and
-- what another counts are never taken from each other.

DROP VIEW billing;
DROP VIEW steps;

-- What each meter did between two readings that follow each other.
CREATE VIEW steps AS
WITH placed AS (
	-- An agent's readings stand in the order of seq, whatever its clock did meanwhile.
	SELECT r.customer, r.site, r.device, m.name, m.part, m.unit, coalesce(m.via, '') AS via,
		r.month, r.time, r.agent, r.seq, r.swapped, m.value,
		max(r.time) OVER (PARTITION BY r.device, m.name, m.part, m.unit, r.agent
			ORDER BY r.seq) AS place
	FROM readings r
	JOIN meters m ON m.agent = r.agent AND m.seq = r.seq
	WHERE r.device IS NOT NULL
), told AS (
	-- Once told by another plugin than before and after.
	SELECT placed.*,
		CASE WHEN swapped = 0 AND lead(swapped) OVER between_others = 0
				AND lag(via) OVER between_others = lead(via) OVER between_others
				AND via <> lag(via) OVER between_others
			THEN 1 ELSE 0 END AS alone
	FROM placed
	WINDOW between_others AS (PARTITION BY device, name, part, unit
		ORDER BY place, agent, seq)
), runs AS (
	SELECT told.*,
		sum(1 - alone) OVER (PARTITION BY device, name, part, unit
			ORDER BY place, agent, seq ROWS UNBOUNDED PRECEDING) AS run
	FROM told
), counted AS (
	-- Of two plugins that take turns, each second one is left out, which is the same one.
	SELECT runs.*,
		CASE WHEN alone = 0 THEN 0 ELSE sum(alone) OVER (PARTITION BY device, name, part,
			unit, run ORDER BY place, agent, seq ROWS UNBOUNDED PRECEDING) % 2
			END AS aside
	FROM runs
), beside AS (
	-- What is left out is numbered apart, so that its neighbours stand beside each other.
	SELECT counted.*,
		lag(value) OVER between_others AS previous,
		lead(value) OVER between_others AS following,
		lag(via) OVER between_others AS previous_via,
		lead(via) OVER between_others AS following_via,
		lead(swapped) OVER between_others AS following_swapped
	FROM counted
	WINDOW between_others AS (PARTITION BY device, name, part, unit, aside
		ORDER BY place, agent, seq)
), judged AS (
	-- Alone out of line, while its neighbours go on: a stray value, not a counter.
	SELECT beside.*,
		CASE WHEN aside = 1 THEN 2
			WHEN swapped = 0 AND following_swapped = 0 AND previous <= following
				AND previous_via = via AND following_via = via
				AND (value < previous OR value > following)
			THEN 1 ELSE 0 END AS left_out
	FROM beside
), sound AS (
	SELECT judged.*,
		CASE WHEN left_out = 0 THEN lag(value) OVER w END AS value_before,
		CASE WHEN left_out = 0 THEN lag(time) OVER w END AS since,
		lag(via) OVER w AS via_before
	FROM judged
	WINDOW w AS (PARTITION BY device, name, part, unit, left_out ORDER BY place, agent, seq)
), kinds AS (
	SELECT sound.*,
		CASE WHEN left_out = 1 THEN 'stray'
			WHEN left_out = 2 THEN 'aside'
			WHEN value_before IS NULL THEN 'first'
			WHEN swapped = 1 THEN 'swap'
			WHEN via <> via_before THEN 'source'
			WHEN value < value_before THEN 'reset'
			ELSE 'step' END AS kind
	FROM sound
)
SELECT customer, site, device, name AS meter, part, unit, month, agent, seq, place, since, time,
	value_before, value, kind,
	CASE WHEN kind = 'step' THEN value - value_before ELSE 0 END AS pages, via
FROM kinds;

-- Pages by device, meter and calendar month (UTC).
CREATE VIEW billing AS
WITH ends AS (
	SELECT steps.*,
		first_value(coalesce(value_before, value)) OVER m AS value_from,
		last_value(value) OVER m AS value_to
	FROM steps
	WHERE kind NOT IN ('stray', 'aside')
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
		AS since_reset,
	sum(CASE WHEN kind = 'source' THEN 1 ELSE 0 END) AS sources
FROM ends
GROUP BY customer, site, device, meter, part, unit, month;
