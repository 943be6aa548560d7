# To be sourced. GitHub obeys "::command::" and "##[command]" in the log of a step, whoever wrote them:
# between these two it obeys nothing, for what is between them quotes feeds, error pages and models.
# shellcheck shell=bash

stop_commands() {
  token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n') # nobody can guess what ends it
  echo "::stop-commands::$token"
}

resume_commands() {
  echo "::$token::"
}
