#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The fuzzers for a short while: what is in the corpus, and a look around it.  The same look each
# time: what is found here was brought by a change; `make fuzz` is where chance looks further.
export FUZZ_SEED="${FUZZ_SEED:-1}"
exec "$(dirname "$0")/run" "${FUZZ_SECONDS:-10}"
