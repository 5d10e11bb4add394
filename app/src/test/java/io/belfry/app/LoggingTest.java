package io.belfry.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.belfry.config.LogConfig.Format;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoggingTest {
  @ParameterizedTest
  @EnumSource
  void anEventIsOneLineWhateverItsArgumentsSay(Format format) {
    String text = encode(format, event("user.login uid={}", "ben\r\n2026 ERROR forged"));

    assertEquals(1, text.lines().count(), text);
    assertTrue(text.endsWith("\n"), text);
    assertTrue(text.contains("uid=ben"), text);
  }

  @ParameterizedTest
  @EnumSource
  void theIdsOfTheContextAreInTheLine(Format format) {
    ILoggingEvent event =
        event("call.accepted uid={}", "ben", Map.of("sessionId", "v1.local.belfry.1"));

    assertTrue(encode(format, event).contains("v1.local.belfry.1"));
  }

  @Test
  void aLineOfTextSaysWhenAndWho() {
    String text = encode(Format.TEXT, event("call.accepted uid={}", "ben"));
    assertTrue(
        text.matches(
            "2026-01-01T\\d\\d:00:00\\.000\\S+ INFO {2}CallService +call\\.accepted uid=ben *\\n"),
        text);
  }

  private static ILoggingEvent event(String message, String argument) {
    return event(message, argument, Map.of());
  }

  private static ILoggingEvent event(String message, String argument, Map<String, String> ids) {
    LoggerContext context = new LoggerContext();
    LoggingEvent event =
        new LoggingEvent(
            "",
            context.getLogger("io.belfry.CallService"),
            Level.INFO,
            message,
            null,
            new Object[] {argument});
    event.setInstant(Instant.parse("2026-01-01T12:00:00Z"));
    event.setMDCPropertyMap(ids);
    return event;
  }

  private static String encode(Format format, ILoggingEvent event) {
    byte[] bytes = Logging.encoder(format, new LoggerContext()).encode(event);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
