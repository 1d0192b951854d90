"""Lets the vendors' own clients hold a whole conversation with a tool, then list and delete what they made.

    python vendor_tour.py azure-agents|azure-approvals|azure-projects|dashscope BASE_URL KEY
"""
import sys
import time

program, address, key = sys.argv[1:4]
QUESTION = "Please search for Paris"
OUTPUT = "PARIS IS IN FRANCE"
SEARCH = {"type": "function", "function": {
    "name": "SEARCH", "description": "Searches the internet.",
    "parameters": {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}}}


def azure(client):
    from azure.ai.agents.models import ToolOutput

    grounding = {"type": "bing_grounding", "bing_grounding": {"connections": [{"connection_id": "c"}]}}
    agent = client.create_agent(model="gpt-4o", name="a", instructions="Be brief.", tools=[SEARCH, grounding])
    assert [tool["type"] for tool in agent.tools] == ["function", "bing_grounding"], agent.tools
    thread = client.threads.create()
    client.messages.create(thread_id=thread.id, role="user", content=QUESTION)
    run = client.runs.create(thread_id=thread.id, agent_id=agent.id)
    for _ in range(300):
        if run.status == "requires_action":
            calls = run.required_action.submit_tool_outputs.tool_calls
            assert [call.function.name for call in calls] == ["SEARCH"]
            outputs = [ToolOutput(tool_call_id=call.id, output=OUTPUT) for call in calls]
            client.runs.submit_tool_outputs(thread_id=thread.id, run_id=run.id, tool_outputs=outputs)
        elif run.status not in ("queued", "in_progress"):
            break
        time.sleep(0.1)
        run = client.runs.get(thread_id=thread.id, run_id=run.id)
    assert run.status == "completed", run.status
    texts = [part.text.value for message in client.messages.list(thread_id=thread.id) for part in message.text_messages]
    assert any(OUTPUT in text for text in texts), texts
    assert thread.id in [one.id for one in client.threads.list()]
    assert agent.id in [one.id for one in client.list_agents()]
    client.threads.delete(thread.id)
    client.delete_agent(agent.id)


def azure_approval(client, approve):
    """A tool of an MCP server, which the platform calls only once it is approved."""
    from azure.ai.agents.models import ListSortOrder, SubmitToolApprovalAction, ToolApproval

    server = {"type": "mcp", "server_label": "github", "server_url": "https://mcp.test/", "allowed_tools": ["find"]}
    agent = client.create_agent(model="gpt-4o", name="a", instructions="Be brief.", tools=[server])
    thread = client.threads.create()
    client.messages.create(thread_id=thread.id, role="user", content="look at the issues")
    run = client.runs.create(thread_id=thread.id, agent_id=agent.id)
    for _ in range(300):
        if run.status == "requires_action":
            assert isinstance(run.required_action, SubmitToolApprovalAction), run.required_action
            calls = run.required_action.submit_tool_approval.tool_calls
            assert [(call.type, call.server_label, call.name) for call in calls] == [("mcp", "github", "find")], calls
            words = [ToolApproval(tool_call_id=call.id, approve=approve, headers={}) for call in calls]
            client.runs.submit_tool_outputs(thread_id=thread.id, run_id=run.id, tool_approvals=words)
        elif run.status not in ("queued", "in_progress"):
            break
        time.sleep(0.1)
        run = client.runs.get(thread_id=thread.id, run_id=run.id)
    assert run.status == "completed", run.status
    steps = list(client.run_steps.list(thread_id=thread.id, run_id=run.id, order=ListSortOrder.ASCENDING))
    made = [call for step in steps if step.type == "tool_calls" for call in step.step_details.tool_calls]
    assert [(call.type, call.server_label, call.name) for call in made] == [("mcp", "github", "find")], made
    expected = "was called with" if approve else "was not approved"
    assert expected in made[0].output, made
    client.threads.delete(thread.id)
    client.delete_agent(agent.id)


def policy():
    # The clients' own policy refuses plain http; this one sends the same header.
    from azure.core.credentials import AzureKeyCredential
    from azure.core.pipeline.policies import AzureKeyCredentialPolicy

    return AzureKeyCredentialPolicy(AzureKeyCredential(key), "Authorization", prefix="Bearer")


class Token:
    def get_token(self, *scopes, **options):
        from azure.core.credentials import AccessToken

        return AccessToken(key, int(time.time()) + 3600)


def azure_agents():
    from azure.ai.agents import AgentsClient

    azure(AgentsClient(endpoint=address, credential=Token(), authentication_policy=policy()))


def azure_approvals():
    from azure.ai.agents import AgentsClient

    client = AgentsClient(endpoint=address, credential=Token(), authentication_policy=policy())
    azure_approval(client, True)
    azure_approval(client, False)


def azure_projects():
    from azure.ai.projects import AIProjectClient

    azure(AIProjectClient(endpoint=address, credential=Token(), authentication_policy=policy()).agents)


def dashscope():
    import dashscope
    from dashscope import Assistants, Messages, Runs, Threads

    dashscope.base_http_api_url = address
    dashscope.api_key = key
    made = Assistants.create(
        model="qwen-max", name="a", instructions="Be brief.", tools=[{"type": "quark_search"}, SEARCH], top_k=10)
    assert made.status_code == 200, made
    assert made.top_k == 10, made
    assert Assistants.get(made.id).top_k == 10
    thread = Threads.create(messages=[{"role": "user", "content": QUESTION}])
    run = Runs.create(thread.id, assistant_id=made.id)
    for _ in range(300):
        run = Runs.get(run.id, thread_id=thread.id)
        if run.status == "requires_action":
            calls = run.required_action.submit_tool_outputs.tool_calls
            outputs = [{"tool_call_id": call.id, "output": OUTPUT} for call in calls]
            Runs.submit_tool_outputs(run.id, thread_id=thread.id, tool_outputs=outputs)
        elif run.status not in ("queued", "in_progress"):
            break
        time.sleep(0.1)
    assert run.status == "completed", run
    texts = str(Messages.list(thread.id))
    assert OUTPUT in texts, texts
    assert made.id in str(Assistants.list())
    assert Assistants.delete(made.id).status_code == 200
    Threads.delete(thread.id)


tours = {
    "azure-agents": azure_agents, "azure-approvals": azure_approvals, "azure-projects": azure_projects, "dashscope": dashscope}
tours[program]()
print("done")
