"""What a careful user writes instead of Muster: specs by PyYAML, the official SDK, eight threads, a key in the metadata.

    sync.py FOLDER ADDRESS plan|apply
"""
import concurrent.futures, pathlib, sys
import openai, yaml

folder, address, command = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
client = openai.OpenAI(base_url=address, api_key="k", max_retries=2)
loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FIELDS = ["name", "model", "instructions", "tools", "temperature", "metadata"]


def spec(path):
    fields = yaml.load(path.read_text(), loader)
    fields["model"] = "aide-gpt-4-turbo"
    fields["metadata"]["sync.key"] = path.stem
    return path.stem, fields


def same(fields, assistant):
    found = assistant.to_dict()
    return all(fields[name] == found.get(name) for name in FIELDS)


desired = dict(spec(path) for path in sorted(folder.glob("bot-*.yaml")))
existing = {}
for assistant in client.beta.assistants.list(limit=100, order="asc"):
    key = (assistant.metadata or {}).get("sync.key")
    if key:
        existing[key] = assistant
create = [fields for key, fields in desired.items() if key not in existing]
update = [(existing[key].id, fields) for key, fields in desired.items() if key in existing and not same(fields, existing[key])]
print(f"{len(create)} to add, {len(update)} to change")
if command == "apply":
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda fields: client.beta.assistants.create(**fields), create))
        list(pool.map(lambda item: client.beta.assistants.update(item[0], **item[1]), update))
