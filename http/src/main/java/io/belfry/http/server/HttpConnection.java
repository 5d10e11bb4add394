package io.belfry.http.server;

import io.belfry.http.ApiException;
import io.belfry.http.HttpHandler;
import io.belfry.http.HttpRequest;
import io.belfry.http.HttpResponse;
import io.belfry.http.Routes;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.handler.timeout.IdleStateEvent;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection while it speaks HTTP/1.1: hands each request to its handler on a virtual thread,
/// answers in order, and turns into a {@link SocketConnection} on a WebSocket upgrade.
///
/// Fields are touched on the connection's event loop only.
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written or closed is closed
final class HttpConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger log = LoggerFactory.getLogger(HttpConnection.class);

  private static final int MAX_PIPELINED = 16;
  private static final String UNMATCHED = "(none)";
  private static final String FORWARDED_FOR = "x-forwarded-for";

  private final Routes routes;
  private final Admission admission;
  private final HttpMetrics metrics;
  private final SocketSweeper sweeper;
  private final int maxFrameBytes;
  private final boolean isTls;
  private final ArrayDeque<Exchange> pipelined = new ArrayDeque<>(1);
  private boolean isBusy;

  /// A request on its way to an answer.
  private record Exchange(
      HttpRequest request,
      String route,
      HttpHandler handler,
      boolean isKeptAlive,
      long startedNanos) {}

  HttpConnection(
      Routes routes,
      Admission admission,
      HttpMetrics metrics,
      SocketSweeper sweeper,
      int maxFrameBytes,
      boolean isTls) {
    this.routes = routes;
    this.admission = admission;
    this.metrics = metrics;
    this.sweeper = sweeper;
    this.maxFrameBytes = maxFrameBytes;
    this.isTls = isTls;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
    boolean isKeptAlive = HttpUtil.isKeepAlive(message);
    long nowNanos = System.nanoTime();
    HttpRequest request;
    Routes.Match match;
    try {
      if (message.decoderResult().isFailure()) {
        throw ApiException.badRequest("The request is not HTTP/1.1.");
      }
      request = toRequest(context, message);
      match = routes.match(request.method(), rawPath(message.uri()));
    } catch (ApiException refusal) {
      HttpRequest unread = emptyRequest(context, message);
      accept(context, exchange(unread, HttpResponse.error(refusal), false, nowNanos));
      return;
    }
    // A route may have more to say to OPTIONS than the fetch standard asks for.
    if (request.method().equals("OPTIONS")
        && isPreflight(request)
        && !(match instanceof Routes.Match.Handler)) {
      accept(context, exchange(request, HttpResponse.empty(204), isKeptAlive, nowNanos));
      return;
    }
    try {
      admission.admitRequest(request.remoteAddress(), nowNanos);
    } catch (ApiException refusal) {
      accept(context, exchange(request, HttpResponse.error(refusal), isKeptAlive, nowNanos));
      return;
    }
    switch (match) {
      case Routes.Match.Handler(var template, var handler, var parameters) ->
          accept(
              context,
              new Exchange(
                  request.withParameters(parameters), template, handler, isKeptAlive, nowNanos));
      case Routes.Match.Socket socket -> upgrade(context, message, request, socket, nowNanos);
      case Routes.Match.WrongMethod(var allowed) ->
          accept(
              context,
              exchange(
                  request,
                  HttpResponse.error(
                          new ApiException(
                              405, "ERR_METHOD_NOT_ALLOWED", "Allowed here: " + allowed + "."))
                      .withHeader("allow", allowed),
                  isKeptAlive,
                  nowNanos));
      case Routes.Match.Nothing(var fallback) ->
          accept(context, new Exchange(request, UNMATCHED, fallback, isKeptAlive, nowNanos));
    }
  }

  private static Exchange exchange(
      HttpRequest request, HttpResponse answer, boolean isKeptAlive, long nowNanos) {
    return new Exchange(request, UNMATCHED, ignored -> answer, isKeptAlive, nowNanos);
  }

  private void accept(ChannelHandlerContext context, Exchange exchange) {
    if (isBusy) {
      // HTTP/1.1 pipelining (RFC 9112 §9.3.2): answers must leave in the order of requests.
      if (pipelined.size() >= MAX_PIPELINED) {
        context.close();
        return;
      }
      pipelined.addLast(exchange);
      context.channel().config().setAutoRead(false);
      return;
    }
    isBusy = true;
    Thread.ofVirtual().name("http-request").start(() -> run(context, exchange));
  }

  /// On a virtual thread.
  private void run(ChannelHandlerContext context, Exchange exchange) {
    HttpResponse answer = answer(exchange);
    context.executor().execute(() -> finish(context, exchange, answer));
  }

  private static HttpResponse answer(Exchange exchange) {
    try {
      return exchange.handler.handle(exchange.request);
    } catch (ApiException refusal) {
      return HttpResponse.error(refusal);
    } catch (Exception e) {
      String incident = UUID.randomUUID().toString().substring(0, 8);
      log.error(
          "http.failed incident={} method={} route={}",
          incident,
          exchange.request.method(),
          exchange.route,
          e);
      return HttpResponse.error(
          new ApiException(
              500, "ERR_INTERNAL", "The server failed. Its log has more.", "incident " + incident));
    }
  }

  private void finish(ChannelHandlerContext context, Exchange exchange, HttpResponse answer) {
    metrics.answered(
        exchange.route,
        exchange.request.method(),
        answer.status(),
        System.nanoTime() - exchange.startedNanos);
    boolean isKeptAlive = exchange.isKeptAlive && context.channel().isActive();
    var written = context.writeAndFlush(toNetty(exchange, answer, isKeptAlive));
    if (!isKeptAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
      return;
    }
    isBusy = false;
    Exchange next = pipelined.pollFirst();
    if (next != null) {
      accept(context, next);
    } else {
      context.channel().config().setAutoRead(true);
    }
  }

  private FullHttpResponse toNetty(Exchange exchange, HttpResponse answer, boolean isKeptAlive) {
    boolean isHead = exchange.request.method().equals("HEAD");
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body()));
    answer.headers().forEach((name, value) -> response.headers().set(name, value.lines().toList()));
    if (answer.status() != 204 && answer.status() != 304) {
      response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
    }
    if (!isKeptAlive) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    addCorsHeaders(exchange.request, response);
    return response;
  }

  /// The fetch standard's headers for pages of other origins, if they are on the list.
  private void addCorsHeaders(HttpRequest request, FullHttpResponse response) {
    String origin = request.header("origin");
    if (origin == null || !admission.origins.isListed(origin)) {
      return;
    }
    response.headers().set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    response.headers().add(HttpHeaderNames.VARY, "origin");
    if (isPreflight(request)) {
      response
          .headers()
          .set(
              HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS,
              "GET, POST, PUT, PATCH, DELETE, OPTIONS")
          .set(
              HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
              "content-type, authorization, authtoken, apikey, onbehalfof, if-match")
          .set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, "600");
    } else {
      response
          .headers()
          .set(
              HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS,
              "location, etag, link, accept-patch, accept-post, retry-after");
    }
  }

  private static boolean isPreflight(HttpRequest request) {
    return request.method().equals("OPTIONS")
        && request.header("access-control-request-method") != null;
  }

  private void upgrade(
      ChannelHandlerContext context,
      FullHttpRequest message,
      HttpRequest request,
      Routes.Match.Socket socket,
      long nowNanos) {
    String upgrade = request.header("upgrade");
    if (upgrade == null || !upgrade.equalsIgnoreCase("websocket") || isBusy) {
      refuse(context, request, nowNanos, 426, "ERR_UPGRADE_REQUIRED", "This is a WebSocket.");
      return;
    }
    if (!admission.origins.isAllowed(request.header("origin"), request.header("host"))) {
      refuse(
          context,
          request,
          nowNanos,
          403,
          "ERR_ORIGIN_NOT_ALLOWED",
          "Pages of this origin may not connect; see the setting http.allowedOrigins.");
      return;
    }
    InetSocketAddress client = request.remoteAddress();
    try {
      admission.admitSocket(client);
    } catch (ApiException refusal) {
      accept(context, exchange(request, HttpResponse.error(refusal), false, nowNanos));
      return;
    }
    context.channel().closeFuture().addListener(closed -> admission.socketClosed(client));
    String address = (isTls ? "wss://" : "ws://") + request.header("host") + request.path();
    WebSocketServerHandshaker handshaker =
        new WebSocketServerHandshakerFactory(
                address,
                null,
                WebSocketDecoderConfig.newBuilder()
                    .maxFramePayloadLength(maxFrameBytes)
                    .allowExtensions(false)
                    .closeOnProtocolViolation(true)
                    .build())
            .newHandshaker(message);
    if (handshaker == null) {
      refuse(context, request, nowNanos, 426, "ERR_UPGRADE_REQUIRED", "Only WebSocket version 13.");
      return;
    }
    // The frame handler is in place before the first frame can be: the handshake replaces the
    // HTTP codec within this call.
    SocketConnection connection =
        new SocketConnection(
            context.channel(),
            socket,
            request.withParameters(socket.parameters()),
            metrics,
            sweeper,
            maxFrameBytes);
    context.pipeline().remove("idle");
    handshaker
        .handshake(context.channel(), message)
        .addListener(done -> {
          if (!done.isSuccess()) {
            context.close();
          }
        });
    connection.install(context.pipeline());
    context.pipeline().remove(this);
  }

  private void refuse(
      ChannelHandlerContext context,
      HttpRequest request,
      long nowNanos,
      int status,
      String code,
      String message) {
    HttpResponse answer = HttpResponse.error(new ApiException(status, code, message));
    if (status == 426) {
      answer = answer.withHeader("upgrade", "websocket");
    }
    accept(context, exchange(request, answer, false, nowNanos));
  }

  private HttpRequest toRequest(ChannelHandlerContext context, FullHttpRequest message) {
    Map<String, List<String>> headers = new HashMap<>();
    for (Map.Entry<String, String> header : message.headers()) {
      headers
          .computeIfAbsent(header.getKey().toLowerCase(Locale.ROOT), name -> new ArrayList<>(1))
          .add(header.getValue());
    }
    return new HttpRequest(
        message.method().name(),
        Routes.decode(rawPath(message.uri())),
        Map.of(),
        queryOf(message.uri()),
        headers,
        ByteBufUtil.getBytes(message.content()),
        admission.clientOf(
            (InetSocketAddress) context.channel().remoteAddress(), headers.get(FORWARDED_FOR)));
  }

  private static HttpRequest emptyRequest(ChannelHandlerContext context, FullHttpRequest message) {
    HttpMethod method = message.method();
    return new HttpRequest(
        method.name(),
        "/",
        Map.of(),
        Map.of(),
        Map.of(),
        new byte[0],
        (InetSocketAddress) context.channel().remoteAddress());
  }

  private static String rawPath(String uri) {
    if (!uri.startsWith("/")) {
      throw ApiException.badRequest("The request's target must be a path.");
    }
    int end = uri.indexOf('?');
    return end < 0 ? uri : uri.substring(0, end);
  }

  private static Map<String, List<String>> queryOf(String uri) {
    int start = uri.indexOf('?');
    if (start < 0) {
      return Map.of();
    }
    try {
      return new QueryStringDecoder(uri.substring(start + 1), false).parameters();
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest("The query is not encoded rightly.");
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent && !isBusy) {
      context.close();
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, @Nullable Throwable cause) {
    // A broken connection or bytes that are no HTTP: the peer's doing, and nobody is left to tell.
    log.debug("http.connection_broken cause={}", String.valueOf(cause));
    context.close();
  }
}
