"""Writes a project of N specs with eleven lines of instructions, three tools and three metadata pairs each.

    specs.py FOLDER COUNT ADDRESS [EDITED]     the first EDITED specs get another line of instructions
"""
import pathlib, sys

folder, count, address = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
edited = int(sys.argv[4]) if len(sys.argv) > 4 else 0
folder.mkdir(parents=True, exist_ok=True)
(folder / "muster.yaml").write_text(
    f"project: bench\ndefault_environment: e\nenvironments:\n  e: {{base_url: '{address}'}}\n"
    f"defaults: {{model: aide-gpt-4-turbo}}\nlimits: {{parallelism: 8, max_deletes: 10000}}\n")
for number in range(count):
    lines = [f"  Rule {line} of assistant {number}: be polite, be brief, and never promise refunds." for line in range(10)]
    lines.append(f"  Edited: {'yes' if number < edited else 'no'}.")
    tools = "\n".join(
        f"  - type: function\n    function:\n      name: TOOL_{tool}\n      description: Looks things up in source {tool}\n"
        "      parameters:\n        type: object\n        properties:\n"
        "          query: {type: string, description: What to look for}\n          limit: {type: integer}\n"
        "        required: [query]" for tool in range(3))
    (folder / f"bot-{number:05}.yaml").write_text(
        f"name: Bot {number}\ninstructions: |\n" + "\n".join(lines) + f"\ntools:\n{tools}\ntemperature: 0.2\n"
        f"metadata: {{team: support, tier: '{number % 3}', backend_id: default}}\n")
