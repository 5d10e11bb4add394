#!/usr/bin/python3
"""GStreamer's webrtcbin publishes by WHIP and watches by WHEP: the frames that one sends, the other decodes.

usage: gstreamer.py WHIP_URL WHEP_URL TOKEN

Prints one line and ends with 0 when video and audio came through and both resources could be deleted; else says what is missing.
"""
import sys
import threading
import urllib.error
import urllib.request
from urllib.parse import urljoin

try:
    import gi

    gi.require_version("Gst", "1.0")
    gi.require_version("GstWebRTC", "1.0")
    gi.require_version("GstSdp", "1.0")
    from gi.repository import GLib, Gst, GstSdp, GstWebRTC
except (ImportError, ValueError) as e:
    print(f"GStreamer for Python is not installed (Debian: python3-gi, gir1.2-gst-plugins-bad-1.0): {e}")
    sys.exit(3)

LIMIT_SECONDS = 20
FRAMES = 30
PUBLISH = """
  webrtcbin name=peer bundle-policy=max-bundle
  videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=180,framerate=30/1 ! vp8enc deadline=1 keyframe-max-dist=60 ! rtpvp8pay pt=96 picture-id-mode=15-bit !
    application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000 ! queue ! peer.
  audiotestsrc is-live=true freq=440 ! audio/x-raw,rate=48000,channels=2 ! opusenc ! rtpopuspay pt=111 !
    application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000 ! queue ! peer.
"""
VIDEO = "application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000,rtcp-fb-nack-pli=true"
AUDIO = "application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000,encoding-params=(string)2"


def call(method, url, token, body=None, kind="application/sdp"):
    request = urllib.request.Request(url, data=body, method=method, headers={"Authorization": f"Bearer {token}"})
    if body is not None:
        request.add_header("Content-Type", kind)
    with urllib.request.urlopen(request, timeout=LIMIT_SECONDS) as response:
        return response.status, response.headers, response.read().decode()


class Peer:
    """One webrtcbin that offers once, over HTTP."""

    def __init__(self, description, url, token):
        parsed = Gst.parse_launch(description)
        self.pipeline = parsed
        if not isinstance(parsed, Gst.Pipeline):        # a description of one element gives that element
            self.pipeline = Gst.Pipeline.new(None)
            self.pipeline.add(parsed)
        self.peer = self.pipeline.get_by_name("peer")
        self.url, self.token = url, token
        self.resource = self.problem = None
        self.is_posted = False
        self.peer.connect("notify::ice-gathering-state", self.on_gathering)

    def play(self):
        self.pipeline.set_state(Gst.State.PLAYING)

    def offer(self):
        promise = Gst.Promise.new_with_change_func(self.on_offer, None)
        self.peer.emit("create-offer", None, promise)

    def on_offer(self, promise, _):
        promise.wait()
        reply = promise.get_reply()                 # kept: the description lives in it
        self.peer.emit("set-local-description", reply.get_value("offer"), Gst.Promise.new())

    def on_gathering(self, *_):
        if self.peer.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE and not self.is_posted:
            self.is_posted = True
            threading.Thread(target=self.post, daemon=True).start()

    def post(self):
        try:
            local = self.peer.get_property("local-description").sdp.as_text()
            status, headers, answer = call("POST", self.url, self.token, local.encode())
            self.resource = urljoin(self.url, headers["Location"])
            _, sdp = GstSdp.SDPMessage.new_from_text(answer)
            description = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, sdp)
            self.peer.emit("set-remote-description", description, Gst.Promise.new())
        except urllib.error.HTTPError as e:
            self.problem = f"POST {self.url}: {e.code} {e.read().decode()}"
        except OSError as e:
            self.problem = f"POST {self.url}: {e}"

    def delete(self):
        status, _, _ = call("DELETE", self.resource, self.token)
        try:
            call("DELETE", self.resource, self.token)
        except urllib.error.HTTPError as e:
            return status, e.code
        return status, 200

    def stop(self):
        self.pipeline.set_state(Gst.State.NULL)


class Watcher(Peer):
    """Decodes what comes, and counts it."""

    def __init__(self, url, token):
        super().__init__("webrtcbin name=peer bundle-policy=max-bundle", url, token)
        self.frames, self.samples = 0, 0
        for caps in (AUDIO, VIDEO):
            self.peer.emit("add-transceiver", GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY, Gst.Caps.from_string(caps))
        self.peer.connect("pad-added", self.on_pad)

    def on_pad(self, _, pad):
        if pad.get_direction() != Gst.PadDirection.SRC:
            return
        is_video = pad.get_current_caps().get_structure(0).get_string("media") == "video"
        decode = "rtpvp8depay ! vp8dec" if is_video else "rtpopusdepay ! opusdec"
        sink = Gst.parse_bin_from_description(f"queue ! {decode} ! fakesink name=out signal-handoffs=true sync=false", True)
        sink.get_by_name("out").connect("handoff", self.on_frame if is_video else self.on_samples)
        self.pipeline.add(sink)
        sink.sync_state_with_parent()
        pad.link(sink.get_static_pad("sink"))

    def on_frame(self, *_):
        self.frames += 1

    def on_samples(self, *_):
        self.samples += 1


def missing_elements():
    names = ("webrtcbin", "vp8enc", "vp8dec", "opusenc", "opusdec", "rtpvp8pay", "rtpopuspay", "dtlsenc", "srtpenc", "nicesink")
    return [name for name in names if Gst.ElementFactory.find(name) is None]


def main():
    whip, whep, token = sys.argv[1:4]
    Gst.init(None)
    missing = missing_elements()
    if missing:
        print("GStreamer lacks " + ", ".join(missing) + " (Debian: gstreamer1.0-plugins-good, gstreamer1.0-plugins-bad, gstreamer1.0-nice)")
        return 3
    loop = GLib.MainLoop()
    publisher, watcher = Peer(PUBLISH, whip, token), Watcher(whep, token)
    publisher.peer.connect("on-negotiation-needed", lambda _: publisher.offer())
    outcome = []

    def look():
        problem = publisher.problem or watcher.problem
        if problem or (watcher.frames >= FRAMES and watcher.samples >= FRAMES):
            outcome.append(problem)
            loop.quit()
        return True

    publisher.play()
    watcher.play()
    watcher.offer()
    GLib.timeout_add(50, look)
    GLib.timeout_add_seconds(LIMIT_SECONDS, loop.quit)
    loop.run()
    if not outcome:
        outcome.append(f"only {watcher.frames} frames and {watcher.samples} audio buffers came in {LIMIT_SECONDS} s")
    if outcome[0] is None:
        deleted = [peer.delete() for peer in (watcher, publisher)]
        if deleted != [(200, 404)] * 2:
            outcome[0] = f"DELETE was answered with {deleted}"
    for peer in (watcher, publisher):
        peer.stop()
    print(outcome[0] or f"ok: {watcher.frames} frames and {watcher.samples} audio buffers decoded")
    return 1 if outcome[0] else 0


if __name__ == "__main__":
    sys.exit(main())
