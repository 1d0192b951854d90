"""Fifty event streams at once beside two hundred requests a second, and what that does to the server's memory.

    load.py BASE_URL SECONDS PID [SLOW]       prints one JSON object

Every stream lasts about a second, because the server's rules let the model take its time. SLOW readers take an answer of 14 MB
in small pieces, a little at a time.
"""
import asyncio, json, socket, sys, time, urllib.parse

BASE = urllib.parse.urlsplit(sys.argv[1])
SECONDS, PID = int(sys.argv[2]), sys.argv[3]
SLOW = int(sys.argv[4]) if len(sys.argv) > 4 else 0
STREAMS, RATE, CONNECTIONS = 50, 200, 10
counts = {"streams": 0, "requests": 0, "open": 0, "slow_bytes": 0}
failures = []


async def send(connection, method, path, body=None):
    reader, writer = connection
    data = b"" if body is None else json.dumps(body).encode()
    head = f"{method} {BASE.path}{path} HTTP/1.1\r\nHost: {BASE.netloc}\r\nContent-Length: {len(data)}\r\n"
    writer.write((head + "Content-Type: application/json\r\n\r\n").encode() + data)
    await writer.drain()
    headers = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    if " 200 " not in headers.split("\r\n")[0]:
        raise RuntimeError(headers.split("\r\n")[0])
    return headers


async def whole(connection, method, path, body=None):
    headers = await send(connection, method, path, body)
    length = next(int(line.split(":")[1]) for line in headers.split("\r\n") if line.startswith("content-length"))
    return json.loads(await connection[0].readexactly(length))


async def connect():
    return await asyncio.open_connection(BASE.hostname, BASE.port)


async def streams(assistant, stop):
    connection = await connect()
    while time.time() < stop:
        try:
            thread = {"messages": [{"role": "user", "content": "take your time"}]}
            await send(connection, "POST", "/threads/runs", {"assistant_id": assistant, "thread": thread, "stream": True})
            counts["open"] += 1
            await connection[0].readuntil(b"[DONE]")
            await connection[0].readuntil(b"0\r\n\r\n")
            counts["streams"] += 1
        except Exception as error:
            failures.append(f"stream: {error!r}")
            connection = await connect()
        finally:
            counts["open"] -= 1


async def requests(assistant, start, stop, place):
    connection = await connect()
    due = start + place / RATE
    while due < stop:
        await asyncio.sleep(max(0, due - time.time()))
        try:
            await whole(connection, "GET", f"/assistants/{assistant}")
            counts["requests"] += 1
        except Exception as error:
            failures.append(f"request: {error!r}")
            connection = await connect()
        due += CONNECTIONS / RATE


async def big_thread():
    """A thread whose list of messages is 14 MB."""
    connection = await connect()
    thread = (await whole(connection, "POST", "/threads"))["id"]
    for _ in range(5):
        message = {"role": "user", "content": "slow " * 560_000}
        await whole(connection, "POST", f"/threads/{thread}/messages", message)
    return thread


async def slow(thread, stop):
    while time.time() < stop:
        # The system takes no more for us than we read, so the server waits with the rest.
        plain = socket.socket()
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 << 10)
        plain.setblocking(False)
        writer = None
        try:
            await asyncio.get_running_loop().sock_connect(plain, (BASE.hostname, BASE.port))
            reader, writer = await asyncio.open_connection(sock=plain, limit=32 << 10)
            await send((reader, writer), "GET", f"/threads/{thread}/messages?limit=100")
            left = 14 << 20
            while left > 0 and time.time() < stop:
                piece = await reader.read(32 << 10)
                if not piece:
                    raise RuntimeError("cut")
                left -= len(piece)
                counts["slow_bytes"] += len(piece)
                await asyncio.sleep(0.25)
        except Exception as error:
            failures.append(f"slow: {error!r}")
        finally:
            (writer or plain).close()


def memory(what="VmRSS"):
    return next(int(line.split()[1]) for line in open(f"/proc/{PID}/status") if line.startswith(what)) / 1024


async def watch(start, stop, seen):
    while time.time() < stop:
        await asyncio.sleep(1)
        seen.append((time.time() - start, memory(), counts["open"]))


async def main():
    assistant = (await whole(await connect(), "POST", "/assistants", {"model": "m"}))["id"]
    thread = await big_thread() if SLOW else None
    start, seen = time.time(), []
    stop = start + SECONDS
    await asyncio.gather(
        watch(start, stop, seen), *(streams(assistant, stop) for _ in range(STREAMS)),
        *(requests(assistant, start, stop, place) for place in range(CONNECTIONS)),
        *(slow(thread, stop) for _ in range(SLOW)))
    half = [entry for entry in seen if entry[0] > SECONDS / 2]
    early = [entry for entry in seen if SECONDS / 6 < entry[0] <= SECONDS / 3]
    print(json.dumps({
        "streams": counts["streams"], "requests": counts["requests"], "failures": len(failures),
        "first_failure": failures[:1], "open": sum(entry[2] for entry in half) / len(half),
        "slow_readers": SLOW, "slow_mib": counts["slow_bytes"] / (1 << 20), "peak_mib": memory("VmHWM"),
        "early_mib": sum(entry[1] for entry in early) / len(early), "late_mib": sum(entry[1] for entry in seen[-10:]) / 10}))

asyncio.run(main())
