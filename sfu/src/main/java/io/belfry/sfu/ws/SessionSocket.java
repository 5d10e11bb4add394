package io.belfry.sfu.ws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.common.id.ParticipantId;
import io.belfry.common.token.CallToken;
import io.belfry.common.token.CallTokenVerifier;
import io.belfry.http.ApiException;
import io.belfry.http.Fields;
import io.belfry.http.socket.CloseCode;
import io.belfry.http.socket.JsonSocket;
import io.belfry.http.socket.JsonSocketHandler;
import io.belfry.sfu.participant.Participant;
import io.belfry.sfu.participant.Session;
import io.belfry.sfu.participant.Sessions;
import io.belfry.sfu.participant.TrackSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One session socket.
public final class SessionSocket implements JsonSocketHandler {
  private static final int PROTOCOL = 1;
  private static final int MAX_TOKEN_CHARS = 8192;
  private static final int MAX_SDP_CHARS = 200_000;
  private static final int MAX_SECTIONS = 64;
  private static final List<String> SOURCES =
      Stream.of(TrackSource.values()).map(TrackSource::wireName).toList();

  private final JsonSocket socket;
  private final Sessions sessions;
  private final CallTokenVerifier tokens;
  private final Duration heartbeatInterval;
  private final InstantSource clock;
  private @Nullable Participant participant;

  public SessionSocket(
      JsonSocket socket,
      Sessions sessions,
      CallTokenVerifier tokens,
      Duration heartbeatInterval,
      InstantSource clock) {
    this.socket = socket;
    this.sessions = sessions;
    this.tokens = tokens;
    this.heartbeatInterval = heartbeatInterval;
    this.clock = clock;
  }

  @Override
  public Object onRequest(String type, JsonNode fields) {
    if (type.equals("join")) {
      return join(fields);
    }
    Participant joined = participant;
    if (joined == null) {
      throw new ApiException(401, "ERR_NOT_GREETED", "The first request must be join.");
    }
    return switch (type) {
      case "publish" -> publish(joined, fields);
      case "subscribeAnswer" -> subscribeAnswer(joined, fields);
      case "restartSubscribe" -> {
        joined.session().restartSubscribe(joined);
        yield Map.of();
      }
      case "setMuted" -> {
        joined
            .session()
            .setMuted(
                joined,
                Fields.optionalBool(fields, "isAudioMuted"),
                Fields.optionalBool(fields, "isVideoMuted"));
        yield Map.of();
      }
      case "leave" -> {
        joined.session().leave(joined);
        socket.close(CloseCode.DONE, "left");
        yield Map.of();
      }
      default -> throw ApiException.unknownType(type);
    };
  }

  private Object join(JsonNode fields) {
    if (participant != null) {
      throw ApiException.badRequest("This socket has joined already.");
    }
    if (Fields.integer(fields, "protocol", 1, Integer.MAX_VALUE) != PROTOCOL) {
      socket.close(CloseCode.PROTOCOL_VERSION, "protocol version");
      throw new ApiException(
          400, "ERR_PROTOCOL_VERSION", "This server speaks version " + PROTOCOL + ".");
    }
    String resumeKey = Fields.optionalText(fields, "resumeKey", 64);
    // Who is in stays in, however long the call: the key proves that the token was good once.
    Instant validAt = resumeKey == null ? clock.instant() : Instant.EPOCH;
    CallToken token = verified(Fields.text(fields, "token", MAX_TOKEN_CHARS), validAt);
    Session session = resumeKey == null ? sessions.enter(token) : sessions.get(token.sessionId());
    Participant joined =
        resumeKey == null ? enter(session, token, fields) : resume(session, fields, resumeKey);
    participant = joined;
    socket.greeted();
    return Map.of(
        "participantId", joined.id().value(),
        "resumeKey", joined.resumeKey(),
        "joinedAt", Long.toString(joined.joinedAt().toEpochMilli()),
        "heartbeatSeconds", heartbeatInterval.toSeconds(),
        "users", session.users(),
        "iceServers", List.of());
  }

  private Participant enter(Session session, CallToken token, JsonNode fields) {
    return session.join(
        token,
        Boolean.TRUE.equals(Fields.optionalBool(fields, "isAudioMuted")),
        Boolean.TRUE.equals(Fields.optionalBool(fields, "isVideoMuted")),
        socket);
  }

  private Participant resume(Session session, JsonNode fields, String resumeKey) {
    String id = Fields.text(fields, "participantId", 8);
    Long lastSeq = Fields.optionalInteger(fields, "lastSeq", 0, Long.MAX_VALUE);
    try {
      return session.resume(
          new ParticipantId(id), resumeKey, lastSeq == null ? 0 : lastSeq, socket);
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest("The field participantId must be 8 hexadecimal digits.");
    }
  }

  private CallToken verified(String compact, Instant validAt) {
    return switch (tokens.verify(compact, validAt)) {
      case CallTokenVerifier.Result.Accepted(var token) -> token;
      case CallTokenVerifier.Result.Refused(var code, var message) -> {
        socket.close(CloseCode.NOT_AUTHORISED, code);
        throw new ApiException(401, code, message);
      }
    };
  }

  private Object publish(Participant joined, JsonNode fields) {
    String sdp = Fields.text(fields, "sdp", MAX_SDP_CHARS);
    Map<String, TrackSource> sources = new HashMap<>();
    for (ObjectNode track : Fields.objects(fields, "tracks", MAX_SECTIONS)) {
      String source = Fields.oneOf(track, "source", SOURCES);
      sources.put(Fields.text(track, "mid", 16), TrackSource.ofWireName(source));
    }
    return Map.of("sdp", joined.session().publish(joined, sdp, sources));
  }

  private Object subscribeAnswer(Participant joined, JsonNode fields) {
    long revision = Fields.integer(fields, "revision", 1, Long.MAX_VALUE);
    String sdp = Fields.text(fields, "sdp", MAX_SDP_CHARS);
    boolean isTaken = joined.session().subscribeAnswer(joined, revision, sdp);
    return isTaken ? Map.of() : Map.of("stale", true);
  }

  @Override
  public void onAck(long seq) {
    Participant joined = participant;
    if (joined != null) {
      joined.acknowledge(seq);
    }
  }

  @Override
  public void onClosed(int code, String reason) {
    Participant joined = participant;
    if (joined != null) {
      joined.session().onSocketClosed(joined, socket);
    }
  }
}
