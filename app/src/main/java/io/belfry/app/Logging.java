package io.belfry.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.belfry.config.LogConfig;
import java.util.List;
import org.slf4j.LoggerFactory;

/// Sets up Logback from the settings: one line an event on standard output, with the ids that are
/// in the MDC.
final class Logging {
  // Line breaks are taken out of messages: a peer could otherwise write log lines of its own.
  private static final String TEXT_PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %-22logger{0} "
          + "%replace(%msg){'[\\r\\n]+', ' | '}%replace( [%X]){' \\[\\]', ''}%n%ex";

  /// Libraries that tell at "info" what only their makers want to know.
  private static final List<String> QUIET =
      List.of(
          "com.zaxxer.hikari", "org.flywaydb", "io.netty", "org.jitsi", "com.code_intelligence");

  private Logging() {}

  static void configure(LogConfig log) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setEncoder(encoder(log.format(), context));
    console.start();

    Level level = Level.toLevel(log.level().name());
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(level);
    root.addAppender(console);
    if (level.isGreaterOrEqual(Level.INFO)) {
      Level quiet = level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN;
      QUIET.forEach(name -> context.getLogger(name).setLevel(quiet));
    }
  }

  static Encoder<ILoggingEvent> encoder(LogConfig.Format format, LoggerContext context) {
    return switch (format) {
      case TEXT -> textEncoder(context);
      case JSON -> jsonEncoder(context);
    };
  }

  private static Encoder<ILoggingEvent> textEncoder(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(TEXT_PATTERN);
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> jsonEncoder(LoggerContext context) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithMarkers(false);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithFormattedMessage(true);
    encoder.start();
    return encoder;
  }
}
