package io.belfry.http.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.http.ApiException;
import io.belfry.http.Json;
import io.belfry.http.socket.Conversation.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConversationTest {
  private static final long MINUTE_NANOS = 60_000_000_000L;

  private final List<ObjectNode> sent = new ArrayList<>();
  private final List<Throwable> defects = new ArrayList<>();
  private final List<Long> acks = new ArrayList<>();
  private final Conversation conversation =
      new Conversation("hello", 10, new Handler(), sent::add, defects::add);

  private final class Handler implements JsonSocketHandler {
    @Override
    public Object onRequest(String type, JsonNode fields) {
      return switch (type) {
        case "hello" -> {
          conversation.greeted();
          yield Map.of("user", "anna");
        }
        case "refuse" -> throw new ApiException(409, "ERR_CALL_TERMINATED", "It is over.", "why");
        case "fail" -> throw new IllegalStateException("a defect");
        default -> throw ApiException.unknownType(type);
      };
    }

    @Override
    public void onAck(long seq) {
      acks.add(seq);
    }

    @Override
    public void onClosed(int code, String reason) {
      throw new AssertionError("the conversation never closes");
    }
  }

  private Outcome feed(String frame, long nowNanos) {
    return conversation.onFrame(frame.getBytes(StandardCharsets.UTF_8), nowNanos);
  }

  private void greet() {
    assertEquals(Outcome.ANSWERED, feed("{\"id\":1,\"type\":\"hello\"}", 0));
    sent.clear();
  }

  @Test
  void answersWithTheRequestsId() {
    feed("{\"id\":7,\"type\":\"hello\"}", 0);
    assertEquals("{\"re\":7,\"data\":{\"user\":\"anna\"}}", sent.getFirst().toString());
  }

  @Test
  void answersAPing() {
    greet();
    assertEquals(Outcome.PONG, feed("{\"id\":2,\"type\":\"ping\"}", 0));
    assertEquals("{\"re\":2,\"data\":{}}", sent.getFirst().toString());
  }

  @Test
  void tellsARefusalInFull() {
    greet();
    assertEquals(Outcome.REFUSED, feed("{\"id\":3,\"type\":\"refuse\"}", 0));
    assertEquals(
        "{\"re\":3,\"error\":{\"code\":\"ERR_CALL_TERMINATED\",\"name\":\"ERR_CALL_TERMINATED\","
            + "\"message\":\"It is over.\",\"details\":\"why\"}}",
        sent.getFirst().toString());
  }

  @Test
  void keepsADefectFromTheClient() {
    greet();
    assertEquals(Outcome.FAILED, feed("{\"id\":4,\"type\":\"fail\"}", 0));
    assertEquals("ERR_INTERNAL", sent.getFirst().at("/error/code").asText());
    assertTrue(!sent.getFirst().toString().contains("a defect"));
    assertEquals(1, defects.size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "nonsense;                      ERR_BAD_REQUEST;  null",
        "[];                            ERR_BAD_REQUEST;  null",
        "{};                            ERR_BAD_REQUEST;  null",
        "{\"id\":0,\"type\":\"ping\"};  ERR_BAD_REQUEST;  null",
        "{\"id\":1.5,\"type\":\"ping\"};ERR_BAD_REQUEST;  null",
        "{\"id\":\"1\",\"type\":\"x\"}; ERR_BAD_REQUEST;  null",
        "{\"id\":1,\"id\":2,\"type\":\"ping\"}; ERR_BAD_REQUEST;  null",
        "{\"id\":5};                    ERR_BAD_REQUEST;  5",
        "{\"id\":6,\"type\":7};         ERR_BAD_REQUEST;  6",
        "{\"id\":7,\"type\":\"dance\"}; ERR_UNKNOWN_TYPE; 7",
        "{\"ack\":\"x\"};               ERR_BAD_REQUEST;  null",
        "{\"ack\":-1};                  ERR_BAD_REQUEST;  null",
      })
  void refusesABadFrameAndStaysOpen(String frame, String code, String re) {
    greet();
    assertEquals(Outcome.BAD, feed(frame, 0));
    assertEquals(code, sent.getFirst().at("/error/code").asText());
    assertEquals(re, sent.getFirst().get("re").toString());
    assertEquals(Outcome.PONG, feed("{\"id\":9,\"type\":\"ping\"}", 0));
  }

  @Test
  void hearsNothingButTheGreetingFirst() {
    assertEquals(Outcome.REFUSED, feed("{\"id\":1,\"type\":\"ping\"}", 0));
    assertEquals("ERR_NOT_GREETED", sent.getFirst().at("/error/code").asText());
    assertEquals(Outcome.BAD, feed("{\"ack\":1}", 0));
    assertEquals(List.of(), acks);
  }

  @Test
  void handsOnAcknowledgements() {
    greet();
    assertEquals(Outcome.ACKNOWLEDGED, feed("{\"ack\":12}", 0));
    assertEquals(List.of(12L), acks);
    assertEquals(List.of(), sent);
  }

  @Test
  void callsTheTwentyFirstBadFrameOfAMinuteAbuse() {
    greet();
    for (int i = 0; i < Conversation.MAX_BAD_FRAMES; i++) {
      assertEquals(Outcome.BAD, feed("?", i));
    }
    assertEquals(Outcome.ABUSE, feed("?", MINUTE_NANOS - 1));
  }

  @Test
  void forgivesBadFramesAfterAMinute() {
    greet();
    for (int i = 0; i < Conversation.MAX_BAD_FRAMES; i++) {
      feed("?", i);
    }
    assertEquals(Outcome.BAD, feed("?", MINUTE_NANOS));
  }

  @Test
  void hearsNoMoreThanTheRate() {
    greet();
    for (int i = 0; i < 39; i++) {
      assertEquals(Outcome.PONG, feed("{\"id\":1,\"type\":\"ping\"}", 0));
    }
    sent.clear();
    assertEquals(Outcome.LIMITED, feed("{\"id\":9,\"type\":\"ping\"}", 0));
    assertEquals("ERR_TOO_MANY_REQUESTS", sent.getFirst().at("/error/code").asText());
    assertEquals(1, sent.getFirst().at("/error/details/retryAfter").asInt());
    assertEquals(Outcome.LIMITED, feed("{\"ack\":12}", 0));
    assertEquals(List.of(), acks);
    assertEquals(Outcome.PONG, feed("{\"id\":1,\"type\":\"ping\"}", 100_000_000));
    for (int i = 0; i < FrameRate.MAX_UNHEARD; i++) {
      assertEquals(Outcome.LIMITED, feed("{\"id\":9,\"type\":\"ping\"}", 100_000_000));
    }
    assertEquals(Outcome.ABUSE, feed("{\"id\":9,\"type\":\"ping\"}", 100_000_000));
  }

  @Test
  void boundsNesting() {
    greet();
    assertEquals(Outcome.BAD, feed("{\"id\":1,\"type\":\"x\",\"a\":" + "[".repeat(5000), 0));
    assertEquals(Json.parseObject(new byte[0]), null);
  }
}
