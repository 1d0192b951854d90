"""The vendor's polled flow (docs/protocol.md#b-python-polled) in our own words: three messages, one run, every call
answered by the platform's plugin.

    python polled_image.py BASE_URL KEY ASSISTANT_ID IMAGE_URL
"""
import json, sys, warnings

warnings.simplefilter("ignore", DeprecationWarning)
from datetime import datetime
from openai import OpenAI

base_url, key, assistant_id, image = sys.argv[1:5]
client = OpenAI(base_url=base_url, api_key=key)
threads = client.beta.threads


def plugin(thread_id, call):
    answer = client._client.post(
        base_url + "/pluginapi", params={"tid": thread_id, "aid": assistant_id, "pid": call.function.name},
        headers={"Authorization": "Bearer " + key}, json=json.loads(call.function.arguments))
    return {"tool_call_id": call.id, "output": answer.text[:8000]}


thread = threads.create(messages=[])
for part in (
        {"type": "text", "text": "tell me about the image"}, {"type": "image_url", "image_url": {"url": image}},
        {"type": "text", "text": "What do you think about this image?"}):
    threads.messages.create(thread_id=thread.id, role="user", content=[part])
run = threads.runs.create_and_poll(
    thread_id=thread.id, assistant_id=assistant_id, additional_instructions=f"\nThe current time is: {datetime.now()}")
while run.status == "requires_action" and run.required_action:
    outputs = [plugin(thread.id, call) for call in run.required_action.submit_tool_outputs.tool_calls]
    run = threads.runs.submit_tool_outputs_and_poll(run_id=run.id, thread_id=thread.id, tool_outputs=outputs)
if run.status == "failed" and run.last_error:
    print(run.last_error.model_dump_json())
newest = threads.messages.list(thread_id=thread.id, order="desc")
threads.delete(thread_id=thread.id)
print(newest.data[0].content[0].text.value)
