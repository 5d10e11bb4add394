"""Belfry (WHIP and WHEP), for the load generator "rtcload" (rtcload.py SCENARIO --sfu path/to/belfry.py).

Starts the server that ./run or ./test built, on free ports of 127.0.0.1 and with a data folder of its own, which goes with it.
Options (-o key=value):
  jvm="..."          flags for Java, e.g. jvm="-XX:+UseZGC -Xmx256m"
  io, crypto         auto (default), native, portable
  loops              media loops; default: one for each core that the server may use
  belfry.KEY         any setting, e.g. belfry.sfu.coalesce=0s
  java, jar          other files than JAVA_HOME's java and app/target/belfry.jar
  log                where the server's log goes (default: in the temporary folder)
"""
import asyncio, glob, os, re, shlex, shutil, tempfile

import aiohttp

import sdp
from rtcload import EXT, EXT_ID, Link, SfuAdapter

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOKENS_AT_ONCE = 100
START_SECONDS = 60
RTX_PT = 97


def find_java():
    homes = [os.environ.get("JAVA_HOME", "")] + sorted(glob.glob("/usr/lib/jvm/*") + glob.glob("/opt/java/*") + glob.glob("/opt/jdk*"))
    for home in homes:
        try:
            with open(os.path.join(home, "release")) as f:
                if re.search(r'^JAVA_VERSION="25[".]', f.read(), re.M):
                    return os.path.join(home, "bin", "java")
        except OSError:
            pass
    return "java"


def recvonly_offer(peer, count):
    """What a browser would offer that wants to watch `count` participants."""
    sections = [(kind, str(i * 2 + j)) for i in range(count) for j, kind in enumerate(("audio", "video"))]
    o = ["v=0", f"o=- {peer['port']} 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE " + " ".join(m for _, m in sections), "a=extmap-allow-mixed"]
    for kind, mid in sections:
        pts = "111" if kind == "audio" else f"96 {RTX_PT}"
        o += [f"m={kind} 9 UDP/TLS/RTP/SAVPF {pts}", "c=IN IP4 0.0.0.0"] + sdp._transport(peer, "actpass")
        o += [f"a=mid:{mid}", "a=recvonly", "a=rtcp-mux", "a=rtcp-rsize"]
        o += [f"a=extmap:{i} {EXT[k]}" for k, i in EXT_ID.items() if k != "level" or kind == "audio"]
        if kind == "audio":
            o += ["a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=1"] + [f"a=rtcp-fb:111 {f}" for f in sdp.FB["audio"]]
        else:
            o += ["a=rtpmap:96 VP8/90000"] + [f"a=rtcp-fb:96 {f}" for f in sdp.FB["video"]]
            o += [f"a=rtpmap:{RTX_PT} rtx/90000", f"a=fmtp:{RTX_PT} apt=96"]
    return "\r\n".join(o) + "\r\n"


class Adapter(SfuAdapter):
    name = "belfry"

    def __init__(self, opts):
        super().__init__(opts)
        g = opts.get
        self.java, self.jar = g("java") or find_java(), g("jar") or os.path.join(ROOT, "app", "target", "belfry.jar")
        self.jvm = shlex.split(g("jvm", ""))
        self.settings = {"belfry.sfu.io": g("io", "auto"), "belfry.sfu.crypto": g("crypto", "auto"), "belfry.sfu.loops": g("loops", "0"),
                         "belfry.sfu.maxParticipantsPerSession": "10000", "belfry.sfu.maxTracksPerParticipant": "64"}
        self.settings.update({k: v for k, v in opts.items() if k.startswith("belfry.")})
        self.proc = self.http = self.url = self.reader = None
        self.tokens, self.users, self.publishers, self.resources = {}, {}, {}, {}
        self.facts = {}

    def describe(self):
        return {"java": self.java, "jvm": " ".join(self.jvm), "settings": self.settings, **self.facts}

    def pids(self):
        return [self.proc.pid]

    def belfry(self, *words, jvm=()):
        jar_files = [self.jar] + glob.glob(os.path.join(os.path.dirname(self.jar), "lib", "*.jar"))
        cache = os.path.join(os.path.dirname(self.jar), "belfry.aot")
        fresh = os.path.exists(cache) and all(os.path.getmtime(f) <= os.path.getmtime(cache) for f in jar_files)
        # A cache is good for one collector and one set of flags; with other ones Java would only warn.
        flags = [f"-XX:AOTCache={cache}"] if fresh and not jvm else []
        sets = [w for k, v in {"belfry.dataDirectory": os.path.join(self.work, "data"), **self.settings}.items() for w in ("--set", f"{k}={v}")]
        return [self.java] + flags + list(jvm) + ["-jar", self.jar, *words] + sets

    async def start(self, prefix):
        if not os.path.exists(self.jar):
            raise RuntimeError(f"{self.jar} is not there: build it with ./run or ./test, or give -o jar=")
        self.work = tempfile.mkdtemp(prefix="rtcload-belfry-")
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("BELFRY_")}
        self.log = open(self.opts.get("log") or os.path.join(self.work, "log"), "wb")
        own = ["--set", "belfry.http.host=127.0.0.1", "--set", "belfry.http.port=0", "--set", "belfry.sfu.udp.host=127.0.0.1", "--set", "belfry.sfu.udp.port=0",
               "--set", "belfry.sfu.announcedAddresses=127.0.0.1"]
        self.proc = await asyncio.create_subprocess_exec(*prefix, *self.belfry("run", jvm=self.jvm), *own, stdin=asyncio.subprocess.DEVNULL,
                                                         stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, env=self.env, cwd=self.work)
        try:
            await asyncio.wait_for(self._read_until_ready(), START_SECONDS)
        except asyncio.TimeoutError:
            pass
        if not self.url:
            self.log.flush()
            with open(self.log.name, errors="replace") as f:
                raise RuntimeError("the server did not start: " + " | ".join(f.read().splitlines()[-5:]))
        self.reader = asyncio.create_task(self._read())
        self.http = aiohttp.ClientSession()
        self.facts["heap"] = await self._heap()

    async def _line(self):
        line = await self.proc.stdout.readline()
        self.log.write(line)
        return line.decode(errors="replace")

    async def _read_until_ready(self):
        while line := await self._line():
            if m := re.search(r"media node started: (\d+) loops.* io ([^,]+), crypto (\S+)", line):
                self.facts.update(loops=int(m[1]), io=m[2], crypto=m[3])
            if m := re.search(r"belfry.starting version=(\S+) java=(\S+)", line):
                self.facts.update(version=m[1], java_version=m[2])
            if m := re.search(r"Belfry is ready: (\S+)", line):
                self.url = m[1]
                return

    async def _read(self):
        while await self._line():
            pass

    async def _heap(self):
        """Which collector Java chose, and the largest heap it may take."""
        flags = os.path.join(os.path.dirname(self.java), "jcmd")
        try:
            p = await asyncio.create_subprocess_exec(flags, str(self.proc.pid), "VM.flags", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL)
            out, _ = await p.communicate()
        except OSError:
            return None
        return " ".join(w for w in out.decode(errors="replace").split() if re.match(r"-XX:(\+Use\w+GC|MaxHeapSize=|InitialHeapSize=|ActiveProcessorCount=|\+ZGen\w*)", w))

    async def token(self, room, user):
        """The call token of a user, who gets a uid of its own; tokens are made a hundred at a time."""
        if (room, user) not in self.users:
            waiting = self.tokens.setdefault(room, [])
            if not waiting:
                batch = f"b{len(self.users)}"
                p = await asyncio.create_subprocess_exec(*self.belfry("token", "--session", room, "--user", batch, "--count", str(TOKENS_AT_ONCE)), stdout=asyncio.subprocess.PIPE,
                                                         stderr=asyncio.subprocess.STDOUT, env=self.env, cwd=self.work)
                out, _ = await p.communicate()
                if p.returncode:
                    raise RuntimeError("belfry token: " + out.decode(errors="replace"))
                waiting += [(f"{batch}-{i + 1}", t) for i, t in enumerate(out.decode().split())]
            self.users[(room, user)] = waiting.pop(0)
        return self.users[(room, user)]

    async def post(self, path, token, body, params=()):
        async with self.http.post(self.url + path, data=body.encode(), params=params, headers={"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}) as r:
            text = await r.text()
            if r.status != 201:
                raise RuntimeError(f"POST {path}: {r.status} {text}")
            return r.headers["Location"], sdp.parse(text)

    async def create_room(self, room):
        await self.token(room, "")              # the one of all who only watch

    async def publish(self, room, user, peer, tracks):
        uid, token = await self.token(room, user)
        location, answer = await self.post(f"/whip/{room}", token, sdp.offer(peer, tracks))
        sdp.apply_answer(answer, tracks)
        self.publishers[(room, user)] = (uid, len(tracks))
        self.resources[peer["id"]] = (location, token)
        return Link(sdp.remote(answer))

    async def subscribe(self, room, user, peer, publishers):
        _, token = await self.token(room, user if (room, user) in self.publishers else "")
        wanted = [self.publishers[(room, p)] for p in publishers]
        location, answer = await self.post(f"/whep/{room}", token, recvonly_offer(peer, len(wanted)), [("participant", uid) for uid, _ in wanted])
        self.resources[peer["id"]] = (location, token)
        link = sdp.link(answer)
        link.expect = sum(tracks for _, tracks in wanted)
        return link

    async def leave(self, room, user, peer_id):
        location, token = self.resources.pop(peer_id)
        async with self.http.delete(self.url + location, headers={"Authorization": f"Bearer {token}"}) as r:
            if r.status != 200:
                raise RuntimeError(f"DELETE {location}: {r.status} {await r.text()}")

    async def stop(self):
        if self.http:
            await self.http.close()
        if self.proc and self.proc.returncode is None:
            self.proc.terminate()
            try:
                await asyncio.wait_for(self.proc.wait(), 15)
            except asyncio.TimeoutError:
                self.proc.kill()
                await self.proc.wait()
        if self.reader:
            await self.reader
        if self.proc:
            self.log.close()
            shutil.rmtree(self.work, ignore_errors=True)
