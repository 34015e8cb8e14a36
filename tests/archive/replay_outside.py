"""A page that tries every way out of the archive, and a listener that notes whoever comes out."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

WAYS_OUT = """<!doctype html><html><head><meta charset="utf-8"><title>合成测试页面</title>
<link rel="preconnect" href="http://OUT/"><link rel="prefetch" href="http://OUT/prefetch">
<style>@import url(http://OUT/import.css); body { background: url(http://OUT/background.png) }</style></head>
<body><p>synthetic: a page that wants out</p><img src="http://OUT/picture.png">
<object data="http://OUT/object"></object><video src="http://OUT/video" autoplay></video>
<iframe srcdoc="<script>
    fetch('http://OUT/srcdoc-fetch').catch(() => 0);
    new WebSocket('ws://OUT/srcdoc');
</script><img src=http://OUT/srcdoc.png><link rel=preconnect href=http://OUT/>"></iframe>
<iframe srcdoc="<script>top.location = 'http://OUT/srcdoc-top'</script>"></iframe>
<iframe srcdoc="<script>setTimeout(() => top.eval('location = `http://OUT/eval`'), 2000)</script>"></iframe>
<iframe srcdoc="<script>parent.location = 'http://OUT/srcdoc-parent'</script>"></iframe>
<iframe srcdoc="<script>location = 'http://OUT/srcdoc-self'</script>"></iframe>
<iframe srcdoc="<script>window.open('http://OUT/srcdoc-open')</script>"></iframe>
<iframe srcdoc="<form action=http://OUT/form method=post></form><script>document.forms[0].submit()</script>"></iframe>
<iframe src="data:text/html,<script>new WebSocket('ws://OUT/data')</script>"></iframe>
<script>
const work = "fetch('http://OUT/worker').catch(() => 0); new WebSocket('ws://OUT/worker');";
const attempts = [
    () => new WebSocket("ws://OUT/plain"),
    () => new Worker(URL.createObjectURL(new Blob([work]))),
    () => new Worker("data:text/javascript," + work),
    () => {
        const frame = document.createElement("iframe");
        frame.src = URL.createObjectURL(new Blob(
            ["<script>new WebSocket('ws://OUT/blob')<" + "/script>"], {type: "text/html"}));
        document.body.append(frame);
    },
    () => {
        const frame = document.createElement("iframe");
        document.body.append(frame);
        new frame.contentWindow.WebSocket("ws://OUT/empty-frame");
        new frame.contentWindow.Image().src = "http://OUT/empty-frame.png";
    },
    () => { STUN },
    () => navigator.sendBeacon("http://OUT/beacon", "x"),
    () => new EventSource("http://OUT/events"),
    () => setTimeout(() => { new Function("return this")().top.location = "http://OUT/top"; }, 3000),
];
for (const attempt of attempts) { try { attempt(); } catch (error) { console.log(error); } }
</script></body></html>"""
STUN = (
    "const peer = new RTCPeerConnection({iceServers: [{urls: 'stun:OUT'}]});"
    "peer.createDataChannel('a');"
    "peer.createOffer().then(offer => peer.setLocalDescription(offer));"
)
CALLS = f"""<!doctype html><html><head><meta charset="utf-8"><title>合成测试页面</title></head>
<body><p>synthetic: a page that calls somebody</p>
<script>try {{ {STUN} }} catch (error) {{ console.log(error); }}</script>
<script>const frame = document.createElement("iframe"); document.body.append(frame);</script>
<script>(context => {{ const RTCPeerConnection = context.RTCPeerConnection; {STUN} }})(window[0])</script>
<iframe srcdoc="<script>{STUN}</script>"></iframe></body></html>"""
STEALS = """<!doctype html><html><head><meta charset="utf-8"><title>合成测试页面</title></head><body>
<iframe srcdoc="<script>(async () => {
    const answer = await fetch(location.ancestorOrigins[0] + '/demo/cdx?url=site.example/*&output=json');
    document.body.textContent = answer.status;
})()</script>"></iframe></body></html>"""


def wanting_out(page: str, place: str) -> str:
    """The page, with `place` (host and port) to get out to."""
    return page.replace("STUN", STUN).replace("OUT", place)


@dataclass
class Outside:
    """Somewhere on the network; `came` has the beginning of whatever reached it."""

    place: str
    came: list[str] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Outside]:
    """Listens on one port of loopback, for connections and for datagrams."""
    with socket.create_server(("127.0.0.1", 0)) as stream, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
        datagrams.bind(stream.getsockname())
        outside = Outside(f"127.0.0.1:{stream.getsockname()[1]}")

        def streams() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = stream.accept()
                    with connection, suppress(OSError):
                        connection.settimeout(2)
                        outside.came.append(f"tcp: {connection.recv(80)!r}")

        def packets() -> None:
            with suppress(OSError):
                while True:
                    outside.came.append(f"udp: {datagrams.recv(80)!r}")

        for each in (streams, packets):
            threading.Thread(target=each, daemon=True).start()
        yield outside
        for each in (stream, datagrams):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
