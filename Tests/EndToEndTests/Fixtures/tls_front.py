"""Speaks https on bots.corp.test and carries everything on to the server that a file names.

    tls_front.py SERVE_OUTPUT CERTIFICATE KEY
"""
import asyncio
import re
import ssl
import sys
from pathlib import Path

output, certificate, key = sys.argv[1:4]


async def port():
    while not (found := re.search(r"http://127\.0\.0\.1:(\d+)", Path(output).read_text())):
        await asyncio.sleep(0.05)
    return int(found[1])


async def pump(reader, writer):
    try:
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    except (ConnectionError, ssl.SSLError):
        pass
    finally:
        writer.close()


async def main():
    behind = await port()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)

    async def carry(reader, writer):
        there, back = await asyncio.open_connection("127.0.0.1", behind)
        await asyncio.gather(pump(reader, back), pump(there, writer))

    server = await asyncio.start_server(carry, "10.77.0.1", 443, ssl=context)
    print("ready", flush=True)
    await server.serve_forever()


asyncio.run(main())
