"""Lets programs from PyPI, none written for this server, do what people use them for: make an assistant, have a function
called, stream where they can, list, delete.

    python program_tour.py PROGRAM BASE_URL KEY [OPENAPI_FILE]

Every JSON answer that they get is held against the schemas.
"""
import asyncio
import json
import os
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")
from recording_proxy import proxied

program, address, key = sys.argv[1:4]
base_url, recorder = proxied(address, sys.argv[4] if len(sys.argv) > 4 else None)
os.environ.update(
    OPENAI_API_KEY=key, OPENAI_BASE_URL=base_url, OPENAI_API_BASE=base_url, MARVIN_OPENAI_API_KEY=key,
    OPENAI_CHAT_MODEL_ID="m", TELEMETRY="false", LITELLM_LOCAL_MODEL_COST_MAP="True", ANONYMIZED_TELEMETRY="false",
    OTEL_SDK_DISABLED="true", AUTOGEN_USE_DOCKER="0")

import openai

client = openai.OpenAI()
QUESTION = "What is the weather in Paris?"


def weather(city: str) -> str:
    """Tells the weather in a city.

    Args:
        city: the name of the city
    """
    called.append(city)
    return "sunny"


called = []
WEATHER = {"type": "function", "function": {
    "name": "weather", "description": "Tells the weather in a city.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}


def expect(text):
    assert "sunny" in str(text), text
    assert called or program in ("litellm", "griptape", "langchain"), "the function was not called"


def litellm():
    import litellm

    made = litellm.create_assistants("openai", model="m", name="Bot", tools=[WEATHER])
    assert made.id in [a.id for a in litellm.get_assistants("openai").data]
    thread = litellm.create_thread("openai", messages=[{"role": "user", "content": QUESTION}])
    assert litellm.get_thread("openai", thread_id=thread.id).id == thread.id
    litellm.add_message("openai", thread_id=thread.id, role="user", content="Is it sunny?")
    run = client.beta.threads.runs.create_and_poll(thread_id=thread.id, assistant_id=made.id)
    calls = run.required_action.submit_tool_outputs.tool_calls
    client.beta.threads.runs.submit_tool_outputs_and_poll(
        run_id=run.id, thread_id=thread.id, tool_outputs=[{"tool_call_id": c.id, "output": "sunny"} for c in calls])
    expect(litellm.get_messages("openai", thread_id=thread.id).data[0].content)
    bare = litellm.create_assistants("openai", model="m")
    litellm.run_thread(custom_llm_provider="openai", thread_id=thread.id, assistant_id=bare.id)
    with litellm.run_thread_stream(custom_llm_provider="openai", thread_id=thread.id, assistant_id=bare.id) as stream:
        stream.until_done()
    for assistant in (made, bare):
        litellm.delete_assistant("openai", assistant_id=assistant.id)


def griptape():
    from griptape.drivers.assistant.openai import OpenAiAssistantDriver
    from griptape.structures import Agent
    from griptape.tasks import AssistantTask
    from griptape.events import EventBus, EventListener, TextChunkEvent

    assistant = client.beta.assistants.create(model="m", name="Bot", instructions="Be brief.")
    pieces = []
    EventBus.add_event_listener(EventListener(lambda event: pieces.append(event.token), event_types=[TextChunkEvent]))
    agent = Agent()
    agent.add_task(AssistantTask(assistant_driver=OpenAiAssistantDriver(base_url=base_url, api_key=key, assistant_id=assistant.id)))
    agent.run("It is sunny.")
    expect("".join(pieces))
    client.beta.assistants.delete(assistant_id=assistant.id)


def langchain():
    from langchain_classic.agents.openai_assistant import OpenAIAssistantRunnable

    runnable = OpenAIAssistantRunnable.create_assistant(name="Bot", instructions="Be brief.", tools=[WEATHER], model="m", client=client)
    thread = client.beta.threads.create()
    calls = runnable.invoke({"content": QUESTION, "thread_id": thread.id})
    run = client.beta.threads.runs.list(thread_id=thread.id).data[0]
    outputs = [{"output": "sunny", "tool_call_id": call.id} for call in calls]
    expect(runnable.invoke({"tool_outputs": outputs, "run_id": run.id, "thread_id": thread.id})[0].content)
    client.beta.threads.delete(thread_id=thread.id)
    assert client.beta.assistants.delete(assistant_id=runnable.assistant_id).deleted


def marvin():
    # It counts tokens with a vocabulary that it fetches from elsewhere.
    import tiktoken

    class Words:
        encode = staticmethod(str.split)

    tiktoken.encoding_for_model = tiktoken.get_encoding = lambda name: Words()
    import marvin
    from marvin.beta.assistants import Assistant, Thread

    marvin.settings.openai.assistants.model = "m"
    with Assistant(name="Bot", instructions="Be brief.", tools=[weather], model="m") as assistant:
        thread = Thread()
        thread.add(QUESTION)
        thread.run(assistant)
        expect(thread.get_messages()[-1].content[0].text.value)
        thread.delete()


def semantic_kernel():
    from semantic_kernel.agents import AssistantAgentThread, OpenAIAssistantAgent
    from semantic_kernel.functions import kernel_function

    class Plugin:
        @kernel_function(name="weather", description="Tells the weather in a city.")
        def weather(self, city: str) -> str:
            return weather(city)

    async def go():
        connection = OpenAIAssistantAgent.create_client(ai_model_id="m")
        definition = await connection.beta.assistants.create(model="m", name="Bot", instructions="Be brief.")
        agent = OpenAIAssistantAgent(client=connection, definition=definition, plugins=[Plugin()])
        thread = AssistantAgentThread(client=connection)
        answer = await agent.get_response(messages=QUESTION, thread=thread)
        expect(answer.content)
        pieces = [piece.content.content async for piece in agent.invoke_stream(messages=QUESTION, thread=thread)]
        expect("".join(pieces))
        assert [m async for m in thread.get_messages()]
        await thread.delete()
        await connection.beta.assistants.delete(assistant_id=definition.id)

    asyncio.run(go())


def agency_swarm():
    from agency_swarm import Agency, Agent, BaseTool, set_openai_client
    from pydantic import Field

    class Weather(BaseTool):
        """Tells the weather in a city."""

        city: str = Field(..., description="The name of the city")

        def run(self):
            return weather(self.city)

    set_openai_client(client)
    os.chdir(tempfile.mkdtemp())
    agent = Agent(name="Bot", description="Knows the weather", instructions="Be brief.", tools=[Weather], model="m")
    agency = Agency([agent], temperature=0.5)
    expect(agency.get_completion(QUESTION))
    agent.delete()


def phidata():
    from phi.assistant.openai import OpenAIAssistant
    from phi.assistant.openai.thread import Thread

    assistant = OpenAIAssistant(name="Bot", model="m", instructions="Be brief.", tools=[weather]).create()
    thread = Thread()
    thread.create(messages=[{"role": "user", "content": QUESTION}])
    thread.run(assistant=assistant, wait=True)
    expect(thread.get_messages()[0].content[0].text.value)
    thread.delete()
    assistant.delete()


def autogen_ext():
    from autogen_agentchat.messages import TextMessage
    from autogen_core import CancellationToken
    from autogen_ext.agents.openai import OpenAIAssistantAgent

    async def go():
        agent = OpenAIAssistantAgent(
            name="bot", description="Knows the weather", client=openai.AsyncOpenAI(), model="m", instructions="Be brief.",
            tools=[weather])
        answer = await agent.on_messages([TextMessage(source="user", content=QUESTION)], CancellationToken())
        expect(answer.chat_message.content)
        await agent.delete_assistant(CancellationToken())

    asyncio.run(go())


def llamaindex():
    from llama_index.agent.openai import OpenAIAssistantAgent
    from llama_index.core.tools import FunctionTool

    agent = OpenAIAssistantAgent.from_new(
        name="Bot", instructions="Be brief.", tools=[FunctionTool.from_defaults(fn=weather)], model="m", api_key=key,
        run_retrieve_sleep_time=0.05)
    expect(agent.chat(QUESTION))
    agent.delete_assistant() if hasattr(agent, "delete_assistant") else client.beta.assistants.delete(agent.assistant.id)


def pyautogen():
    from autogen import UserProxyAgent
    from autogen.agentchat.contrib.gpt_assistant_agent import GPTAssistantAgent

    settings = {"config_list": [{"model": "m", "api_key": key, "base_url": base_url}]}
    assistant = GPTAssistantAgent(
        name="Bot", instructions="Be brief.", llm_config=settings, assistant_config={"tools": [WEATHER]})
    assistant.register_function(function_map={"weather": weather})
    user = UserProxyAgent(
        name="user", code_execution_config=False, human_input_mode="NEVER", max_consecutive_auto_reply=0,
        is_termination_msg=lambda message: True)
    user.initiate_chat(assistant, message=QUESTION)
    expect(user.last_message(assistant)["content"])
    assistant.delete_assistant()


locals()[program.replace("-", "_")]()
recorder.finish()
