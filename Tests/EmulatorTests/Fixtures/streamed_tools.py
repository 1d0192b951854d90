"""The vendor's streaming flow (docs/protocol.md#c-python-streamed) in our own words, with its habits: it stops reading
at the first piece of a call and reads the run in a tight loop, and submits while the first stream is still open.

    python streamed_tools.py BASE_URL KEY QUESTION
"""
import json, sys, warnings

warnings.simplefilter("ignore", DeprecationWarning)
from openai import AssistantEventHandler, OpenAI

base_url, key, question = sys.argv[1:4]
client = OpenAI(base_url=base_url, api_key=key)
threads = client.beta.threads
SEARCH = {"type": "function", "function": {
    "name": "SEARCH", "description": "Finds current facts on the Internet for the user's question.",
    "parameters": {"type": "object", "required": ["query", "topk"], "properties": {
        "query": {"type": "object", "required": ["q", "mkt"], "properties": {
            "q": {"type": "string", "description": "Keywords to search for."},
            "mkt": {"type": "string", "enum": ["zh-TW", "en-US"], "description": "The user's market."}}},
        "topk": {"type": "string", "description": "How many results: a single integer number between 1~5."}}}}}


class Handler(AssistantEventHandler):
    def __init__(self, thread_id, assistant_id):
        super().__init__()
        self.thread_id, self.assistant_id, self.run_id, self.submitted = thread_id, assistant_id, None, False

    def read(self):
        return threads.runs.retrieve(thread_id=self.thread_id, run_id=self.run_id)

    def on_text_delta(self, delta, snapshot):
        print(delta.value, end="", flush=True)

    def on_run_step_created(self, run_step):
        self.run_id = run_step.run_id

    def on_tool_call_created(self, tool_call):
        while self.read().status in ("queued", "in_progress"):
            pass

    def on_tool_call_done(self, tool_call):
        run = self.read()
        if run.status != "requires_action" or self.submitted:
            return
        self.submitted = True
        outputs = []
        for call in run.required_action.submit_tool_outputs.tool_calls:
            answer = client._client.post(
                base_url + "/pluginapi",
                params={"tid": self.thread_id, "aid": self.assistant_id, "pid": call.function.name},
                headers={"Authorization": "Bearer " + key}, json=json.loads(call.function.arguments))
            outputs.append({"tool_call_id": call.id, "output": answer.text[:8000]})
        with threads.runs.submit_tool_outputs_stream(
                thread_id=self.thread_id, run_id=self.run_id, tool_outputs=outputs,
                event_handler=Handler(self.thread_id, self.assistant_id)) as stream:
            stream.until_done()


assistant = client.beta.assistants.create(
    name="test example", model="aide-gpt-4-turbo", instructions="you are an assistant that will answer my question",
    tools=[SEARCH], metadata={"backend_id": "default"})
thread = threads.create()
threads.messages.create(thread_id=thread.id, role="user", content=question)
with threads.runs.stream(
        thread_id=thread.id, assistant_id=assistant.id, instructions=question,
        event_handler=Handler(thread.id, assistant.id)) as stream:
    stream.until_done()
print()
