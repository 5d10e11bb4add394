package io.belfry.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.belfry.config.ConfigReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// GStreamer's `webrtcbin` (libnice, its own DTLS-SRTP) publishes by WHIP and watches by WHEP.
class GStreamerTest {
  /// Debian's, for which its GStreamer packages are installed; others go by the path.
  private static final Path DEBIAN_PYTHON = Path.of("/usr/bin/python3");

  private static final int MISSING = 3;

  @TempDir private Path data;

  @Test
  @Timeout(60)
  void whatIsPublishedIsDecoded() throws Exception {
    // On all addresses: libnice leaves the loopback interface out where there is another one.
    Map<String, String> settings =
        Map.of(
            "belfry.http.host",
            "127.0.0.1",
            "belfry.http.port",
            "0",
            "belfry.sfu.udp.port",
            "0",
            "belfry.sfu.warmUp",
            "false",
            "belfry.dataDirectory",
            data.toString());
    try (BelfryServer server = BelfryServer.start(ConfigReader.withOverrides(settings))) {
      String token = BelfryCommand.tokens(data, "g", "g", 1).getFirst();
      Path said = data.resolve("said");
      Process peers = start(server, token, said);
      try {
        assertTrue(peers.waitFor(45, TimeUnit.SECONDS), "the peers did not end");
        String last = Files.readString(said, StandardCharsets.UTF_8).strip();
        if (peers.exitValue() == MISSING) {
          abort(last);
        }
        assertEquals(0, peers.exitValue(), last);
      } finally {
        peers.destroyForcibly();
      }
    }
  }

  private static Process start(BelfryServer server, String token, Path said) {
    try {
      return new ProcessBuilder(
              Files.isExecutable(DEBIAN_PYTHON) ? DEBIAN_PYTHON.toString() : "python3",
              "src/test/interop/gstreamer.py",
              server.address() + "/whip/g",
              server.address() + "/whep/g",
              token)
          .redirectErrorStream(true)
          .redirectOutput(said.toFile())
          .start();
    } catch (IOException e) {
      return abort("Python is not installed: " + e.getMessage());
    }
  }
}
