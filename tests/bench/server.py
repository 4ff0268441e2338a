"""server.py - serves lists of deployments from files with nginx. Without nginx it uses Python's own server, which slows all tools alike."""
import functools
import http.server
import json
import os
import pathlib
import shutil
import socket
import subprocess
import threading
import time


def listing(chain, deployments, chainlets):
    """A body in the API's format. All deployments are ACTIVE; the last one has the id "judged"."""
    def chainlet(d, c):
        settings = {"min_replica": 1, "max_replica": 4, "autoscaling_window": 60, "scale_down_delay": 900, "concurrency_target": 1,
                    "target_utilization_percentage": 70}
        return {"id": f"{d:05x}{c:03x}", "name": f"Chainlet{c}", "autoscaling_settings": settings, "instance_type_name": "L4:4x16",
                "active_replica_count": 2, "status": "ACTIVE"}

    return json.dumps({"deployments": [
        {"id": "judged" if d == deployments - 1 else f"old{d:05d}", "created_at": f"2026-0{1 + d % 8}-{1 + d % 28:02d}T0{d % 10}:{d % 60:02d}:00.000Z",
         "chain_id": chain, "environment": None, "chainlets": [chainlet(d, c) for c in range(chainlets)], "status": "ACTIVE"}
        for d in range(deployments)]})


def write_api(root, chains, deployments, chainlets):
    """The files of an API whose chains are called bench0, bench1, …"""
    path = pathlib.Path(root, "v1/chains")
    for i in range(chains):
        (path / f"c{i}").mkdir(parents=True)
        (path / f"c{i}/deployments").write_text(listing(f"c{i}", deployments, chainlets))
    rows = [{"id": f"c{i}", "created_at": "2026-01-01T00:00:00Z", "name": f"bench{i}", "deployments_count": deployments, "team_name": "ml"} for i in range(chains)]
    pathlib.Path(root, "chains.json").write_text(json.dumps({"chains": rows}))


class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def translate_path(self, path):
        return os.path.join(self.directory, path.lstrip("/").replace("v1/chains", "chains.json") if path.endswith("/v1/chains") else path.lstrip("/"))

    def log_message(self, *_):
        pass

    def log_request(self, code="-", size="-"):
        with open(self.directory + "/../requests", "a") as log:
            print(self.path, code, file=log)


NGINX = """worker_processes 1; daemon off; pid {cwd}/pid; error_log {cwd}/errors;
events {{ worker_connections 1024; }}
http {{ log_format short "$request_uri $status $body_bytes_sent $connection"; access_log {cwd}/requests short; default_type application/json; sendfile on;
 keepalive_requests 100000; root {cwd}/root; client_body_temp_path {cwd}/t1; proxy_temp_path {cwd}/t2; fastcgi_temp_path {cwd}/t3;
 uwsgi_temp_path {cwd}/t4; scgi_temp_path {cwd}/t5;
 server {{ listen 127.0.0.1:{port}; location ~ ^/([0-9a-zA-Z]+)/v1/chains$ {{ try_files /$1/chains.json =404; }} }} }}
"""


class Server:
    def __init__(self, cwd):
        self.cwd = cwd
        os.makedirs(f"{cwd}/root", exist_ok=True)
        os.chmod(cwd, 0o755)
        nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
        if not nginx:
            self.name = "Python's http.server"
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=f"{cwd}/root"))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.process, port = None, server.server_port
        else:
            self.name = "nginx"
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            pathlib.Path(cwd, "nginx.conf").write_text(NGINX.format(cwd=cwd, port=port))
            self.process = subprocess.Popen([nginx, "-c", f"{cwd}/nginx.conf", "-e", f"{cwd}/errors"])
            while self.process.poll() is None:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.01)
        self.url = f"http://127.0.0.1:{port}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.terminate()
            self.process.wait()

    def requests(self):
        try:
            return len(pathlib.Path(self.cwd, "requests").read_text().splitlines())
        except FileNotFoundError:
            return 0
