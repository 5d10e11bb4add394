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
import io.belfry.sfu.ice.IceServers;
import io.belfry.sfu.participant.Participant;
import io.belfry.sfu.participant.Session;
import io.belfry.sfu.participant.Sessions;
import io.belfry.sfu.participant.TrackSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
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
  private static final int MAX_TOPIC_CHARS = 64;
  private static final int MAX_MESSAGE_CHARS = 2048;
  private static final List<String> SOURCES =
      Stream.of(TrackSource.values()).map(TrackSource::wireName).toList();

  private final JsonSocket socket;
  private final Sessions sessions;
  private final CallTokenVerifier tokens;
  private final IceServers iceServers;
  private final Duration heartbeatInterval;
  private final InstantSource clock;
  private @Nullable Participant participant;

  public SessionSocket(
      JsonSocket socket,
      Sessions sessions,
      CallTokenVerifier tokens,
      IceServers iceServers,
      Duration heartbeatInterval,
      InstantSource clock) {
    this.socket = socket;
    this.sessions = sessions;
    this.tokens = tokens;
    this.iceServers = iceServers;
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
                Fields.optionalBool(fields, "isVideoMuted"),
                optionalParticipant(fields, "by"));
        yield Map.of();
      }
      case "setHandRaised" -> {
        joined.session().setHandRaised(joined, Fields.bool(fields, "isHandRaised"));
        yield Map.of();
      }
      case "askToMute" -> {
        joined
            .session()
            .askToMute(
                joined,
                participant(Fields.text(fields, "participantId", 8), "participantId"),
                Boolean.TRUE.equals(Fields.optionalBool(fields, "isAudioMuted")),
                Boolean.TRUE.equals(Fields.optionalBool(fields, "isVideoMuted")));
        yield Map.of();
      }
      case "sendMessage" -> sendMessage(joined, fields);
      case "closeSession" -> {
        joined.session().closeForAll(joined);
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
    Map<String, Object> answer = new HashMap<>();
    answer.put("participantId", joined.id().value());
    answer.put("resumeKey", joined.resumeKey());
    answer.put("joinedAt", Long.toString(joined.joinedAt().toEpochMilli()));
    answer.put("heartbeatSeconds", heartbeatInterval.toSeconds());
    answer.put("users", session.users());
    answer.put("iceServers", iceServersFor(token.uid()));
    ObjectNode offer = Fields.optionalObject(fields, "publish");
    if (offer != null && resumeKey == null) {
      publishAtOnce(joined, offer, answer);
    }
    return answer;
  }

  /// In the form of the browsers' `RTCIceServer`.
  private List<Map<String, Object>> iceServersFor(String uid) {
    List<Map<String, Object>> servers = new ArrayList<>();
    for (IceServers.Offered offered : iceServers.offered(uid, clock.instant())) {
      Map<String, Object> server = new HashMap<>(Map.of("urls", offered.urls()));
      offered
          .login()
          .ifPresent(login -> {
            server.put("username", login.username());
            server.put("credential", login.credential());
          });
      servers.add(server);
    }
    return servers;
  }

  /// The first offer may come with the join, which saves a round trip. A refused one is left
  /// unanswered: the client then publishes by itself, and hears why not.
  private void publishAtOnce(Participant joined, ObjectNode offer, Map<String, Object> answer) {
    try {
      answer.put("publish", publish(joined, offer));
    } catch (ApiException e) {
      answer.remove("publish");
    }
  }

  private Participant enter(Session session, CallToken token, JsonNode fields) {
    return session.join(
        token,
        Boolean.TRUE.equals(Fields.optionalBool(fields, "isAudioMuted")),
        Boolean.TRUE.equals(Fields.optionalBool(fields, "isVideoMuted")),
        optionalParticipant(fields, "participantId"),
        socket);
  }

  private Participant resume(Session session, JsonNode fields, String resumeKey) {
    String id = Fields.text(fields, "participantId", 8);
    Long lastSeq = Fields.optionalInteger(fields, "lastSeq", 0, Long.MAX_VALUE);
    return session.resume(
        participant(id, "participantId"), resumeKey, lastSeq == null ? 0 : lastSeq, socket);
  }

  private static @Nullable ParticipantId optionalParticipant(JsonNode fields, String name) {
    String id = Fields.optionalText(fields, name, 8);
    return id == null ? null : participant(id, name);
  }

  private static ParticipantId participant(String id, String name) {
    try {
      return new ParticipantId(id);
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest("The field " + name + " must be 8 hexadecimal digits.");
    }
  }

  private Object sendMessage(Participant joined, JsonNode fields) {
    ObjectNode content = Fields.optionalObject(fields, "content");
    if (content != null && content.toString().length() > MAX_MESSAGE_CHARS) {
      throw ApiException.badRequest("A message may have " + MAX_MESSAGE_CHARS + " characters.");
    }
    Map<String, Object> relayed = new HashMap<>();
    if (content != null) {
      content.properties().forEach(entry -> relayed.put(entry.getKey(), entry.getValue()));
    }
    joined
        .session()
        .message(
            joined,
            optionalParticipant(fields, "to"),
            Fields.text(fields, "topic", MAX_TOPIC_CHARS),
            relayed);
    return Map.of();
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
