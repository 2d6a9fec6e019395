#!/bin/sh
# A check for any pipeline: Jenkins, Buildkite, Woodpecker, a makefile.
# Usage: check.sh PATH...    The exit code is that of `secondcall check`.
set -eu

version=${SECONDCALL_VERSION:-0.1.0}
reports=${SECONDCALL_REPORTS:-secondcall-reports}

if [ "$(secondcall --version 2>/dev/null)" != "secondcall $version" ]; then
    if cargo binstall -V >/dev/null 2>&1; then
        cargo binstall --no-confirm --locked "secondcall@$version"
    else
        cargo install --locked "secondcall@$version"
    fi
fi

# One run writes all reports. Most servers display JUnit.
mkdir -p "$reports"
secondcall check \
    --output "junit=$reports/junit.xml" \
    --output "sarif=$reports/secondcall.sarif" \
    --output "json=$reports/secondcall.json" \
    -- "$@"
