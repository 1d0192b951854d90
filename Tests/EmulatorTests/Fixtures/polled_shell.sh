#!/bin/bash
# The vendor's shell flow (docs/protocol.md#a-shell-a-picture) in our own words, with its habits: it unquotes with
# sed-like substitutions, reads at once after submitting, and prints the newest message as jq quotes it.
#
#   polled_shell.sh BASE_URL KEY ASSISTANT_ID CONTENT_JSON
base=$1 key=$2 assistant=$3 content=$4

call() { # METHOD URL [BODY]
    curl -s --location --request "$1" "$2" --header "Authorization: Bearer $key" \
        --header 'OpenAI-Beta: assistants=v2' --header 'Content-Type: application/json' ${3:+--data "$3"}
}
unquoted() { jq "$1" | tr -d '"'; }

thread=$(call POST "$base/threads" '{}' | unquoted .id)
call POST "$base/threads/$thread/messages" "{\"role\": \"user\", \"content\": $content}" > /dev/null
note="The current time is: $(date '+%Y-%m-%d %H:%M:%S')"
run=$(call POST "$base/threads/$thread/runs" \
    "{\"assistant_id\": \"$assistant\", \"additional_instructions\": \"$note\"}" | unquoted .id)
state=""
for _ in $(seq 60); do
    [[ $state == completed ]] && break
    seen=$(call GET "$base/threads/$thread/runs/$run")
    state=$(echo "$seen" | unquoted .status)
    action=$(echo "$seen" | jq .required_action)
    while [[ $state == requires_action && -n $action ]]; do
        outputs='[]'
        count=$(echo "$action" | jq '.submit_tool_outputs.tool_calls | length')
        for ((i = 0; i < count; i++)); do
            one=$(echo "$action" | jq ".submit_tool_outputs.tool_calls[$i]")
            name=$(echo "$one" | unquoted .function.name)
            arguments=$(echo "$one" | jq .function.arguments)
            arguments=${arguments//\\\"/\"} arguments=${arguments#\"} arguments=${arguments%\"}
            output=$(call POST "$base/pluginapi?tid=$thread&aid=$assistant&pid=$name" "$arguments")
            output=${output:0:8000}
            output=${output//\"/\\\"}
            id=$(echo "$one" | unquoted .id)
            outputs=$(jq --argjson one "{\"tool_call_id\": \"$id\", \"output\": \"$output\"}" '. += [$one]' <<< "$outputs")
        done
        call POST "$base/threads/$thread/runs/$run/submit_tool_outputs" "{\"tool_outputs\": $outputs}" > /dev/null
        state=$(call GET "$base/threads/$thread/runs/$run" | unquoted .status)
        sleep 0.2
    done
    sleep 0.2
done
call GET "$base/threads/$thread/messages" | jq '.data[0].content[].text.value'
