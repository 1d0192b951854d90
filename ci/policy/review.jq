# A policy for plans, in the manner of conftest: prints one line for each thing that is not allowed, nothing when all is.
#
#   muster plan --format json | jq -r -f ci/policy/review.jq --argjson models '["aide-gpt-4-turbo"]'
#
# Fail a pipeline on any output:   test -z "$(jq -r -f … plan.json)"
# The members are described in plan.schema.json beside this file.

def touched: .resource_changes[] | select(.change.actions != ["no-op"]);
def tool_names: [.[]? | .function.name // .type];

(touched | select(.change.actions | index("delete")) | select(.protected)
    | "\(.address): is protected and may not be deleted or replaced"),

(touched | select(.change.after.model?) | select(.change.after.model as $model | $models | index($model) | not)
    | "\(.address): the model \(.change.after.model) is not one of \($models | join(", "))"),

(touched | select(.causes | to_entries | any(.value == "conflict"))
    | "\(.address): the spec and the server both changed \([.causes | to_entries[] | select(.value == "conflict").key] | join(", "))"),

(touched | select(.change.before.tools? and .change.after.tools?)
    | ((.change.before.tools | tool_names) - (.change.after.tools | tool_names)) as $gone
    | select($gone != []) | "\(.address): loses the tools \($gone | join(", "))"),

([touched | select(.change.actions == ["delete"])] | length
    | select(. > 3) | "\(.) assistants would be deleted; more than 3 need a plan of their own")
