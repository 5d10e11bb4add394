package io.belfry.signalling.ws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.http.ApiException;
import io.belfry.http.Json;
import io.belfry.http.socket.CloseCode;
import io.belfry.http.socket.JsonSocket;
import io.belfry.http.socket.JsonSocketHandler;
import io.belfry.signalling.auth.Authenticator;
import io.belfry.signalling.presence.Device;
import io.belfry.signalling.presence.Devices;
import io.belfry.signalling.protocol.DeviceRequest;
import io.belfry.signalling.protocol.Shapes;
import io.belfry.signalling.push.PushTokens;
import io.belfry.signalling.store.User;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// One device's socket. Its methods are called one at a time.
final class DeviceSocket implements JsonSocketHandler {
  private static final Logger log = LoggerFactory.getLogger(DeviceSocket.class);

  private static final int PROTOCOL = 1;
  private static final JsonNode NO_CALL = NullNode.instance;

  private final DeviceEndpoint endpoint;
  private final JsonSocket socket;
  private @Nullable Device device;

  DeviceSocket(DeviceEndpoint endpoint, JsonSocket socket) {
    this.endpoint = endpoint;
    this.socket = socket;
  }

  @Override
  public Object onRequest(String type, JsonNode fields) {
    try (var _ = MDC.putCloseable("uid", device == null ? "-" : device.uid());
        var _ = MDC.putCloseable("device", device == null ? "-" : device.deviceId())) {
      endpoint.limits.message(address());
      if (device != null) {
        endpoint.limits.message(device.uid());
      }
      DeviceRequest request = DeviceRequest.parse(type, fields);
      Object answer = answer(request);
      count(type, "answered");
      return answer;
    } catch (ApiException refusal) {
      count(refusal.code().equals("ERR_UNKNOWN_TYPE") ? "(unknown)" : type, refusal.code());
      throw refusal;
    }
  }

  private Object answer(DeviceRequest request) {
    return switch (request) {
      case DeviceRequest.Hello hello -> hello(hello);
      case DeviceRequest.InitiateCall initiate -> {
        endpoint.limits.call(greeted().uid());
        endpoint.limits.call(address());
        yield call(endpoint.calls.initiate(greeted(), initiate));
      }
      case DeviceRequest.AcceptCall(var sessionId) ->
          endpoint.calls.acceptAndGrant(greeted(), sessionId);
      case DeviceRequest.RejectCall(var sessionId, var status) ->
          call(endpoint.calls.reject(greeted(), sessionId, status));
      case DeviceRequest.EndCall(var sessionId) -> call(endpoint.calls.end(greeted(), sessionId));
      case DeviceRequest.RegisterPushToken wanted -> {
        var token = endpoint.pushTokens.register(greeted().uid(), wanted);
        yield Json.object().put("id", PushTokens.idOf(token.token()));
      }
      case DeviceRequest.UnregisterPushToken(var token) -> {
        endpoint.pushTokens.unregister(greeted().uid(), token);
        yield Json.object();
      }
      case DeviceRequest.SubscribePresence wanted -> {
        endpoint.devices.subscribe(greeted(), wanted);
        yield Json.object();
      }
    };
  }

  private static ObjectNode call(ObjectNode view) {
    return Json.object().set("call", view);
  }

  private Object hello(DeviceRequest.Hello hello) {
    if (device != null) {
      throw ApiException.badRequest("This socket has greeted already.");
    }
    if (hello.protocol() != PROTOCOL) {
      socket.close(CloseCode.PROTOCOL_VERSION, "protocol version " + PROTOCOL + " is spoken here");
      throw new ApiException(
          400, "ERR_PROTOCOL_VERSION", "Protocol version " + PROTOCOL + " is spoken here.");
    }
    Authenticator.Login login = login(hello);
    User user =
        endpoint
            .users
            .findUser(login.uid())
            .orElseThrow(
                () -> new ApiException(404, "ERR_UID_NOT_FOUND", "The user was just deleted."));
    Devices.Connected connected =
        endpoint.devices.connect(
            login.uid(), hello.deviceId(), login.tokenHash(), socket, hello.lastSeq());
    Device greeted = connected.device();
    device = greeted;
    socket.greeted();
    long afterSeq = hello.lastSeq() == null ? 0 : hello.lastSeq();
    ObjectNode answer =
        Json.object()
            .put("heartbeatSeconds", endpoint.heartbeatSeconds)
            .put("lastSeq", greeted.lastSeq())
            .put("resumed", connected.isResumed());
    answer.set("user", Shapes.user(user, true));
    answer.set(
        "activeCall",
        endpoint.calls.activeCall(user.uid()).<JsonNode>map(view -> view).orElse(NO_CALL));
    socket.afterAnswer(() -> {
      greeted.attach(socket, afterSeq);
      endpoint.calls.ring(greeted);
    });
    log.info(
        "device.connected uid={} device={} platform={} resumed={} address={}",
        user.uid(),
        hello.deviceId(),
        hello.platform(),
        connected.isResumed(),
        address().getHostAddress());
    return answer;
  }

  private Authenticator.Login login(DeviceRequest.Hello hello) {
    try {
      return endpoint.authenticator.requireUser(hello.authToken(), address());
    } catch (ApiException refusal) {
      socket.close(CloseCode.NOT_AUTHORISED, "not authorised");
      throw refusal;
    }
  }

  private InetAddress address() {
    return socket.remoteAddress().getAddress();
  }

  private Device greeted() {
    if (device == null) {
      throw new IllegalStateException("the shell lets nothing before the greeting");
    }
    return device;
  }

  @Override
  public void onAck(long seq) {
    greeted().acknowledge(seq);
  }

  @Override
  public void onClosed(int code, String reason) {
    if (device == null) {
      return;
    }
    log.info("device.disconnected uid={} device={} code={}", device.uid(), device.deviceId(), code);
    endpoint.devices.disconnect(device, socket);
  }

  private void count(String type, String outcome) {
    endpoint.requests.labels(type, outcome).inc();
  }
}
