# shellcheck shell=bash
# What a pull or merge request says is not reviewed: Muster runs no program that it names (MUSTER_UNREVIEWED), unless the
# team has set MUSTER_UNREVIEWED_COMMANDS=allow for the job. Sourced.
case ${GITHUB_EVENT_NAME:-} in pull_request* | issue_comment | workflow_run) export MUSTER_UNREVIEWED=1 ;; esac
[ -z "${CI_MERGE_REQUEST_IID:-}" ] || export MUSTER_UNREVIEWED=1
