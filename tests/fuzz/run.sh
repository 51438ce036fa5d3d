#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The fuzzers for a short while: what is in the corpus, and a look around it.
exec "$(dirname "$0")/run" "${FUZZ_SECONDS:-10}"
