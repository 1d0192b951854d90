"""Schemas of every object of the protocol, in our own words: `Sources` state nothing that is not checked here."""

TEXT, COUNT, FLAG = {"type": "string"}, {"type": "integer", "minimum": 0}, {"type": "boolean"}
TIME = {"type": "integer", "minimum": 1_500_000_000, "maximum": 4_000_000_000}
METADATA = {"type": "object", "maxProperties": 16, "additionalProperties": {"type": "string", "maxLength": 512}}


def null(schema):
    return {"anyOf": [schema, {"type": "null"}]}


def one(*values):
    return {"enum": list(values)}


def identifier(*prefixes):
    return {"type": "string", "pattern": "^(" + "|".join(prefixes) + ")[A-Za-z0-9]{24}$"}


def record(required, optional=None):
    """An object with exactly these members."""
    return {"type": "object", "required": list(required), "properties": {**required, **(optional or {})},
            "additionalProperties": False}


def many(items):
    return {"type": "array", "items": items}


ASSISTANT, THREAD, MESSAGE = identifier("asst_", "asst_dvc_"), identifier("thread_"), identifier("msg_")
RUN, STEP, CALL, FILE = identifier("run_"), identifier("step_"), identifier("call_"), identifier("file-")
STORE, BATCH = identifier("vs_"), identifier("vsfb_")
ERROR = record({"code": one("server_error", "rate_limit_exceeded", "invalid_prompt"), "message": TEXT})
USAGE = record({"prompt_tokens": COUNT, "completion_tokens": COUNT, "total_tokens": COUNT})
TOOL = {"type": "object", "required": ["type"], "properties": {"type": one("function", "file_search", "code_interpreter")}}
FORMAT = {"anyOf": [{"const": "auto"}, {"type": "object", "required": ["type"]}]}
RESOURCES = {"type": "object", "additionalProperties": False, "properties": {
    "code_interpreter": record({"file_ids": many(FILE)}), "file_search": record({"vector_store_ids": many(STORE)})}}
ANNOTATION = record({
    "type": one("file_citation"), "text": TEXT, "start_index": COUNT, "end_index": COUNT,
    "file_citation": record({"file_id": FILE})})
TEXT_PART = record({"type": one("text"), "text": record({"value": TEXT, "annotations": many(ANNOTATION)})})
IMAGE = record({"url": TEXT}, {"detail": one("auto", "low", "high")})
PART = {"anyOf": [
    TEXT_PART, record({"type": one("refusal"), "refusal": TEXT}), record({"type": one("image_url"), "image_url": IMAGE}),
    record({"type": one("image_file"), "image_file": record({"file_id": FILE}, {"detail": TEXT})})]}
FUNCTION = record({"name": TEXT, "arguments": TEXT, "output": null(TEXT)})
RESULT = record({"file_id": FILE, "file_name": TEXT, "score": {"type": "number", "minimum": 0, "maximum": 1}},
                {"content": many(record({"type": one("text"), "text": TEXT}))})
SEARCH_CALL = record({
    "ranking_options": record({"ranker": TEXT, "score_threshold": {"type": "number"}}), "results": many(RESULT)})
TOOL_CALL = {"anyOf": [
    record({"id": CALL, "type": one("function"), "function": FUNCTION}),
    record({"id": CALL, "type": one("code_interpreter"), "code_interpreter": record({
        "input": TEXT, "outputs": many(record({"type": one("logs"), "logs": TEXT}))})}),
    record({"id": CALL, "type": one("file_search"), "file_search": SEARCH_CALL})]}
DETAILS = {"anyOf": [
    record({"type": one("message_creation"), "message_creation": record({"message_id": MESSAGE})}),
    record({"type": one("tool_calls"), "tool_calls": many(TOOL_CALL)})]}
REQUIRED_ACTION = record({"type": one("submit_tool_outputs"), "submit_tool_outputs": record({"tool_calls": many(
    record({"id": CALL, "type": one("function"), "function": record({"name": TEXT, "arguments": TEXT})}))})})
COUNTS = record({name: COUNT for name in ("in_progress", "completed", "failed", "cancelled", "total")})
STATES = ("queued", "in_progress", "requires_action", "cancelling", "cancelled", "failed", "completed", "incomplete",
          "expired")
ATTRIBUTES = {"type": "object", "maxProperties": 16}
CHUNKING = record({"type": one("static"), "static": record({
    "max_chunk_size_tokens": COUNT, "chunk_overlap_tokens": COUNT})})
SCORE = {"type": "number", "minimum": 0, "maximum": 1}


def deleted(kind, name):
    return record({"id": kind, "object": one(name), "deleted": {"const": True}})


def kind(name, required, optional=None):
    return {name: record({"object": one(name), **required}, optional)}


OBJECTS = {
    **kind("assistant", {
        "id": ASSISTANT, "created_at": TIME, "name": null(TEXT), "description": null(TEXT), "model": TEXT,
        "instructions": null(TEXT), "tools": many(TOOL), "tool_resources": RESOURCES, "metadata": METADATA,
        "temperature": {"type": "number"}, "top_p": {"type": "number"}, "response_format": FORMAT}),
    "assistant.deleted": deleted(ASSISTANT, "assistant.deleted"),
    **kind("thread", {"id": THREAD, "created_at": TIME, "tool_resources": RESOURCES, "metadata": METADATA}),
    "thread.deleted": deleted(THREAD, "thread.deleted"),
    **kind("thread.message", {
        "id": MESSAGE, "created_at": TIME, "thread_id": THREAD, "status": one("in_progress", "completed", "incomplete"),
        "incomplete_details": null(record({"reason": TEXT})), "completed_at": null(TIME), "incomplete_at": null(TIME),
        "role": one("user", "assistant"), "content": many(PART), "assistant_id": null(ASSISTANT), "run_id": null(RUN),
        "attachments": many(record({"file_id": FILE, "tools": many(TOOL)})), "metadata": METADATA}),
    "thread.message.deleted": deleted(MESSAGE, "thread.message.deleted"),
    **kind("thread.run", {
        "id": RUN, "created_at": TIME, "thread_id": THREAD, "assistant_id": ASSISTANT, "status": one(*STATES),
        "required_action": null(REQUIRED_ACTION), "last_error": null(ERROR), "expires_at": null(TIME),
        "started_at": null(TIME), "cancelled_at": null(TIME), "failed_at": null(TIME), "completed_at": null(TIME),
        "incomplete_details": null(record({"reason": TEXT})), "model": TEXT, "instructions": TEXT, "tools": many(TOOL),
        "tool_resources": RESOURCES, "metadata": METADATA, "usage": null(USAGE), "temperature": {"type": "number"},
        "top_p": {"type": "number"}, "max_prompt_tokens": null(COUNT), "max_completion_tokens": null(COUNT),
        "truncation_strategy": record({"type": TEXT}, {"last_messages": null(COUNT)}), "tool_choice": {},
        "parallel_tool_calls": FLAG, "response_format": FORMAT}),
    **kind("thread.run.step", {
        "id": STEP, "created_at": TIME, "assistant_id": ASSISTANT, "thread_id": THREAD, "run_id": RUN,
        "type": one("message_creation", "tool_calls"),
        "status": one("in_progress", "cancelled", "failed", "completed", "expired"), "step_details": DETAILS,
        "last_error": null(ERROR), "expired_at": null(TIME), "cancelled_at": null(TIME), "failed_at": null(TIME),
        "completed_at": null(TIME), "metadata": METADATA, "usage": null(USAGE)}),
    **kind("thread.message.delta", {"id": MESSAGE, "delta": record({"content": many(
        {"type": "object", "required": ["index", "type"]})})}),
    **kind("thread.run.step.delta", {"id": STEP, "delta": record({"step_details": record({
        "type": one("tool_calls"), "tool_calls": many({"type": "object", "required": ["index", "type"]})})})}),
    "list": record({
        "object": one("list"), "data": many({"type": "object", "required": ["id"]}), "first_id": TEXT,
        "last_id": TEXT, "has_more": FLAG}),
    # A file's object name is also that of its deletion.
    "file": {"anyOf": [deleted(FILE, "file"), record(
        {"object": one("file"), "id": FILE, "bytes": COUNT, "created_at": TIME, "filename": TEXT, "purpose": TEXT,
         "status": one("uploaded", "processed", "error")}, {"expires_at": TIME})]},
    **kind("vector_store", {
        "id": STORE, "created_at": TIME, "name": TEXT, "usage_bytes": COUNT, "file_counts": COUNTS,
        "status": one("expired", "in_progress", "completed"), "expires_at": null(TIME), "last_active_at": null(TIME),
        "metadata": METADATA}, {"description": TEXT, "expires_after": record({"anchor": TEXT, "days": COUNT})}),
    "vector_store.deleted": deleted(STORE, "vector_store.deleted"),
    **kind("vector_store.file", {
        "id": FILE, "usage_bytes": COUNT, "created_at": TIME, "vector_store_id": STORE,
        "status": one("in_progress", "completed", "cancelled", "failed"),
        "last_error": null(record({"code": one("server_error", "unsupported_file", "invalid_file"), "message": TEXT})),
        "chunking_strategy": CHUNKING, "attributes": ATTRIBUTES}),
    "vector_store.file.deleted": deleted(FILE, "vector_store.file.deleted"),
    **kind("vector_store.files_batch", {
        "id": BATCH, "created_at": TIME, "vector_store_id": STORE, "file_counts": COUNTS,
        "status": one("in_progress", "completed", "cancelled", "failed")}),
    **kind("vector_store.search_results.page", {
        "search_query": many(TEXT), "has_more": FLAG, "next_page": null(TEXT), "data": many(record({
            "file_id": FILE, "filename": TEXT, "score": SCORE, "attributes": ATTRIBUTES, "content": many(
                record({"type": one("text"), "text": TEXT}))}))}),
    **kind("vector_store.file_content.page", {
        "has_more": FLAG, "next_page": null(TEXT), "data": many(record({"type": one("text"), "text": TEXT}))}),
}
