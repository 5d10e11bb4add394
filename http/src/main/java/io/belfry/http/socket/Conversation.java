package io.belfry.http.socket;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.http.ApiException;
import io.belfry.http.Json;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One socket's side of the protocol: takes frames as bytes and time as an argument, calls the
/// handler, and gives back answers. Does no I/O.
///
/// Owned by one thread at a time, the one that handles the socket's frames.
public final class Conversation {
  /// Bad frames allowed within {@link #BAD_FRAME_WINDOW_NANOS}; the next one ends the socket.
  static final int MAX_BAD_FRAMES = 20;

  static final long BAD_FRAME_WINDOW_NANOS = 60_000_000_000L;

  private final String greetingType;
  private final JsonSocketHandler handler;
  private final Consumer<ObjectNode> out;
  private final Consumer<Throwable> defects;
  private final ArrayDeque<Long> badFramesAtNanos = new ArrayDeque<>(1);
  private final FrameRate rate;
  private volatile boolean greeted;

  /// What the frame was, for metrics.
  public enum Outcome {
    ANSWERED,
    REFUSED,
    ACKNOWLEDGED,
    PONG,
    FAILED,
    BAD,
    /// Over the rate, and therefore not heard.
    LIMITED,
    /// Bad or over the rate, and one too many: close with 1008.
    ABUSE
  }

  /// @param greetingType the request that is heard before the greeting
  /// @param framesPerSecond how many frames are heard, after a burst of four times as many; 0: all
  /// @param out takes the answers
  /// @param defects takes what a handler threw and should not have
  public Conversation(
      String greetingType,
      int framesPerSecond,
      JsonSocketHandler handler,
      Consumer<ObjectNode> out,
      Consumer<Throwable> defects) {
    this.greetingType = greetingType;
    this.rate = new FrameRate(framesPerSecond);
    this.handler = handler;
    this.out = out;
    this.defects = defects;
  }

  public void greeted() {
    greeted = true;
  }

  public boolean isGreeted() {
    return greeted;
  }

  /// Handles one text frame.
  ///
  /// @param nowNanos on a monotonic line
  public Outcome onFrame(byte[] utf8, long nowNanos) {
    ObjectNode frame = Json.parseObject(utf8);
    if (frame == null) {
      return bad(null, ApiException.badRequest("A frame must be a JSON object."), nowNanos);
    }
    long waitNanos = rate.take(nowNanos);
    JsonNode ack = frame.get("ack");
    if (ack != null) {
      // One that goes unheard is made good by the next.
      return waitNanos > 0 ? unheard() : onAck(ack, nowNanos);
    }
    JsonNode id = frame.get("id");
    if (id == null || !id.isIntegralNumber() || !id.canConvertToLong() || id.longValue() < 1) {
      return bad(
          null, ApiException.badRequest("The field id must be a positive integer."), nowNanos);
    }
    if (waitNanos > 0) {
      ApiException refusal =
          ApiException.tooManyRequests("Too many messages come from this device.", waitNanos);
      answer(id, "error", refusal.toJson());
      return unheard();
    }
    JsonNode type = frame.get("type");
    if (type == null || !type.isTextual()) {
      return bad(id, ApiException.badRequest("The field type must be a text."), nowNanos);
    }
    if (!greeted && !type.textValue().equals(greetingType)) {
      answer(id, "error", notGreeted().toJson());
      return Outcome.REFUSED;
    }
    if (type.textValue().equals("ping")) {
      answer(id, "data", Json.object());
      return Outcome.PONG;
    }
    return onRequest(id, type.textValue(), frame, nowNanos);
  }

  private Outcome onRequest(JsonNode id, String type, ObjectNode frame, long nowNanos) {
    try {
      answer(id, "data", Json.toTree(handler.onRequest(type, frame)));
      return Outcome.ANSWERED;
    } catch (ApiException refusal) {
      boolean isBadFrame =
          refusal.code().equals("ERR_BAD_REQUEST") || refusal.code().equals("ERR_UNKNOWN_TYPE");
      if (isBadFrame) {
        return bad(id, refusal, nowNanos);
      }
      answer(id, "error", refusal.toJson());
      return Outcome.REFUSED;
    } catch (RuntimeException defect) {
      defects.accept(defect);
      answer(id, "error", new ApiException(500, "ERR_INTERNAL", "The server failed.").toJson());
      return Outcome.FAILED;
    }
  }

  private Outcome onAck(JsonNode ack, long nowNanos) {
    if (!greeted || !ack.isIntegralNumber() || !ack.canConvertToLong() || ack.longValue() < 0) {
      return bad(
          null,
          greeted ? ApiException.badRequest("The field ack must be an event's seq.") : notGreeted(),
          nowNanos);
    }
    try {
      handler.onAck(ack.longValue());
      return Outcome.ACKNOWLEDGED;
    } catch (RuntimeException defect) {
      defects.accept(defect);
      return Outcome.FAILED;
    }
  }

  private Outcome unheard() {
    return rate.isAbused() ? Outcome.ABUSE : Outcome.LIMITED;
  }

  private ApiException notGreeted() {
    return new ApiException(
        401, "ERR_NOT_GREETED", "The first request on this socket must be " + greetingType + ".");
  }

  private Outcome bad(@Nullable JsonNode id, ApiException refusal, long nowNanos) {
    answer(id == null ? NullNode.instance : id, "error", refusal.toJson());
    while (!badFramesAtNanos.isEmpty()
        && nowNanos - badFramesAtNanos.getFirst() >= BAD_FRAME_WINDOW_NANOS) {
      badFramesAtNanos.removeFirst();
    }
    badFramesAtNanos.addLast(nowNanos);
    return badFramesAtNanos.size() > MAX_BAD_FRAMES ? Outcome.ABUSE : Outcome.BAD;
  }

  private void answer(JsonNode id, String kind, JsonNode content) {
    ObjectNode answer = Json.object();
    answer.set("re", id);
    answer.set(kind, content);
    out.accept(answer);
  }
}
