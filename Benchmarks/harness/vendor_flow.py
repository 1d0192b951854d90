"""The vendor's polled program in our own words: a thread, a message, a run, looks at it once a second, the answer. Its
pause is left out here, so that only its overhead is measured.

    python vendor_flow.py BASE_URL ASSISTANT QUESTION
"""
import sys
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
from openai import OpenAI

base_url, assistant, question = sys.argv[1:4]
threads = OpenAI(base_url=base_url, api_key="k").beta.threads
thread = threads.create()
threads.messages.create(thread_id=thread.id, role="user", content=question)
run = threads.runs.create(thread_id=thread.id, assistant_id=assistant)
while run.status in ("queued", "in_progress"):
    run = threads.runs.retrieve(thread_id=thread.id, run_id=run.id)
message = threads.messages.list(thread_id=thread.id).data[0]
print(message.content[0].text.value)
threads.delete(thread.id)
