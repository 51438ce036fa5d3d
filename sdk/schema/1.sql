-- SPDX-License-Identifier: Apache-2.0
--
-- 1.sql - the tables, for SQLite and PostgreSQL alike; README explains each column.
--
-- Types are PostgreSQL's.  SQLite, which takes any word as a type, keeps uuid,
-- timestamptz and jsonb as text.

CREATE TABLE schema_version (
	version integer PRIMARY KEY,
	applied timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE agents (
	agent uuid PRIMARY KEY,
	customer text,
	site text,
	time timestamptz NOT NULL
);

CREATE TABLE devices (
	device text PRIMARY KEY,
	agent uuid NOT NULL,
	customer text,
	site text,
	time timestamptz NOT NULL,
	serial text,
	mac text,
	ip text,
	manufacturer text,
	model text,
	firmware text,
	asset text
);

CREATE TABLE readings (
	agent uuid NOT NULL,
	seq bigint NOT NULL,
	id uuid NOT NULL,
	time timestamptz NOT NULL,
	month text NOT NULL,
	customer text,
	site text,
	device text,
	state text,
	errors text,
	swapped smallint NOT NULL,
	record jsonb NOT NULL,
	PRIMARY KEY (agent, seq)
);

CREATE INDEX readings_of_device ON readings (device, time);

CREATE TABLE meters (
	agent uuid NOT NULL,
	seq bigint NOT NULL,
	n integer NOT NULL,
	name text NOT NULL,
	part text,
	unit text,
	value bigint NOT NULL,
	via text,
	PRIMARY KEY (agent, seq, n),
	FOREIGN KEY (agent, seq) REFERENCES readings (agent, seq) ON DELETE CASCADE
);

CREATE TABLE supplies (
	agent uuid NOT NULL,
	seq bigint NOT NULL,
	n integer NOT NULL,
	part text NOT NULL,
	type text,
	color text,
	description text,
	serial text,
	part_number text,
	state text NOT NULL,
	percent integer,
	level bigint,
	capacity bigint,
	unit text,
	installed text,
	pages_left bigint,
	pages_used bigint,
	replaced bigint,
	via text,
	PRIMARY KEY (agent, seq, n),
	FOREIGN KEY (agent, seq) REFERENCES readings (agent, seq) ON DELETE CASCADE
);

CREATE TABLE alerts (
	agent uuid NOT NULL,
	seq bigint NOT NULL,
	n integer NOT NULL,
	severity text NOT NULL,
	code text,
	number bigint,
	alert_group text,
	text text,
	PRIMARY KEY (agent, seq, n),
	FOREIGN KEY (agent, seq) REFERENCES readings (agent, seq) ON DELETE CASCADE
);

CREATE TABLE events (
	agent uuid NOT NULL,
	seq bigint NOT NULL,
	n integer NOT NULL,
	kind text NOT NULL,
	text text,
	PRIMARY KEY (agent, seq, n),
	FOREIGN KEY (agent, seq) REFERENCES readings (agent, seq) ON DELETE CASCADE
);

CREATE TABLE urgent (
	agent uuid NOT NULL,
	seq bigint NOT NULL,
	time timestamptz NOT NULL,
	device_hash text,
	record jsonb NOT NULL,
	PRIMARY KEY (agent, seq)
);
