#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The static suite: what can be seen without running platen, or by looking at its binaries.
set -u
cd "$(dirname "$0")/../.."
for part in includes style headers binaries manual install; do
	bash "tests/static/$part.sh"
done
