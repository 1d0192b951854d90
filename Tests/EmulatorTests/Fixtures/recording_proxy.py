"""A proxy that records what a server answers, for programs whose HTTP library is their own business."""
import http.client
import http.server
import json
import threading
import urllib.parse

from checks import Recorder


def proxied(address, openapi):
    """Starts a proxy before a server; returns its address and the recorder of all JSON answers and stream events."""
    recorder, target = Recorder(openapi), urllib.parse.urlsplit(address)

    def record(method, path, kind, body):
        if kind.startswith("application/json"):
            recorder.json(method.lower(), path.split("?")[0], json.loads(body))
        elif kind.startswith("text/event-stream"):
            for block in body.decode().split("\n\n"):
                lines = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
                if lines.get("data", "[DONE]") != "[DONE]":
                    recorder.event(lines["event"], json.loads(lines["data"]))

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments):
            pass

        def forward(self):
            asked = self.rfile.read(int(self.headers.get("content-length") or 0))
            connection = http.client.HTTPConnection(target.netloc, timeout=60)
            headers = {n: v for n, v in self.headers.items() if n.lower() not in ("host", "accept-encoding", "connection")}
            connection.request(self.command, self.path, asked, headers)
            answer = connection.getresponse()
            kind, body = answer.getheader("content-type", ""), b""
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                    self.send_header(name, value)
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            while piece := answer.read1(65536):
                body += piece
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
            if answer.status == 200:
                record(self.command, self.path, kind, body)

        do_GET = do_POST = do_DELETE = forward

    http.server.ThreadingHTTPServer.daemon_threads = True
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}{target.path}", recorder
