package io.belfry.http.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.http.HttpRequest;
import io.belfry.http.Json;
import io.belfry.http.Routes;
import io.belfry.http.socket.CloseCode;
import io.belfry.http.socket.Conversation;
import io.belfry.http.socket.JsonSocket;
import io.belfry.http.socket.JsonSocketHandler;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One WebSocket: frames in, to the handler one at a time on a virtual thread that exists only
/// while there is work; frames out, bounded.
///
/// Three kinds of threads meet here. The event loop reads and writes the channel; one worker at a
/// time handles frames (`isWorking`, guarded by this object's lock, hands that role over); any
/// thread may send or close.
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written or closed is closed
final class SocketConnection extends SimpleChannelInboundHandler<WebSocketFrame>
    implements JsonSocket {
  private static final Logger log = LoggerFactory.getLogger(SocketConnection.class);

  private static final long CLOSE_TIMEOUT_NANOS = 2_000_000_000L;

  private final Channel channel;
  private final Routes.Match.Socket socket;
  private final HttpMetrics metrics;
  private final SocketSweeper sweeper;
  private final int maxFrameBytes;
  private final InetSocketAddress remoteAddress;
  private final Conversation conversation;
  private final JsonSocketHandler handler;
  private final long openedNanos = System.nanoTime();
  private final AtomicLong outboundBytes = new AtomicLong();
  private volatile long lastHeardNanos = openedNanos;
  private volatile boolean isPinged;

  // Guarded by this.
  private final ArrayDeque<byte[]> inbox = new ArrayDeque<>(2);
  private boolean isWorking;
  private boolean isPaused;
  private boolean isGone;

  /// Frames of others that were sent while a request is handled, until its answer is out; null
  /// while none is. Guarded by this.
  private @Nullable List<byte[]> held;

  /// The first cause of the end, as it is told to the handler and the metrics. Guarded by this.
  private @Nullable End end;

  private volatile long endedNanos;

  // The worker's own: what waits for the answer of the request being handled.
  private @Nullable Thread worker;
  private final List<Runnable> afterAnswer = new ArrayList<>(0);
  private @Nullable End closeAfterAnswer;

  private record End(int code, String reason) {}

  SocketConnection(
      Channel channel,
      Routes.Match.Socket socket,
      HttpRequest upgrade,
      HttpMetrics metrics,
      SocketSweeper sweeper,
      int maxFrameBytes) {
    this.channel = channel;
    this.socket = socket;
    this.metrics = metrics;
    this.sweeper = sweeper;
    this.maxFrameBytes = maxFrameBytes;
    this.remoteAddress = upgrade.remoteAddress();
    this.handler = socket.endpoint().onOpen(this, upgrade);
    this.conversation =
        new Conversation(
            socket.options().greetingType(),
            socket.options().framesPerSecond(),
            handler,
            this::answer,
            this::reportDefect);
  }

  /// Takes the place of the HTTP handlers. On the event loop.
  void install(ChannelPipeline pipeline) {
    pipeline
        .addLast(new Utf8FrameValidator())
        .addLast(new WebSocketFrameAggregator(maxFrameBytes))
        .addLast(this);
    metrics.socketOpened(socket.template());
    sweeper.add(this);
    channel.closeFuture().addListener(closed -> onChannelClosed());
  }

  // ---- frames in, on the event loop

  @Override
  protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
    lastHeardNanos = System.nanoTime();
    isPinged = false;
    switch (frame) {
      case TextWebSocketFrame text -> enqueue(ByteBufUtil.getBytes(text.content()));
      case PingWebSocketFrame ping ->
          context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
      case CloseWebSocketFrame close -> onCloseFrame(close);
      case BinaryWebSocketFrame binary ->
          end(
              CloseCode.ABUSE,
              "binary frames are not spoken here (" + binary.content().readableBytes() + " bytes)");
      default -> {
        // A pong: it was heard, which is all it is for.
      }
    }
  }

  private void enqueue(byte[] utf8) {
    boolean isNewWorker = false;
    boolean isTooMuch = false;
    synchronized (this) {
      if (end != null) {
        return;
      }
      inbox.addLast(utf8);
      if (!isWorking) {
        isWorking = true;
        isNewWorker = true;
      } else if (inbox.size() >= 4 * socket.options().maxQueuedFrames()) {
        isTooMuch = true;
      } else if (inbox.size() >= socket.options().maxQueuedFrames() && !isPaused) {
        // TCP makes the client wait. What the decoder already has may still come, hence the 4.
        isPaused = true;
        channel.config().setAutoRead(false);
      }
    }
    if (isTooMuch) {
      end(CloseCode.ABUSE, "too many frames at once");
    } else if (isNewWorker) {
      startWorker();
    }
  }

  private void onCloseFrame(CloseWebSocketFrame close) {
    int code = close.statusCode() < 0 ? CloseCode.DONE : close.statusCode();
    if (noteEnd(code, close.reasonText())) {
      channel
          .writeAndFlush(new CloseWebSocketFrame(code, ""))
          .addListener(ChannelFutureListener.CLOSE);
    } else {
      channel.close(); // the answer to ours
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, @Nullable Throwable cause) {
    switch (cause) {
      case TooLongFrameException tooLong -> end(CloseCode.TOO_LARGE, "frame too large");
      case CorruptedWebSocketFrameException corrupted ->
          // The decoder has sent the close frame that fits and closes the connection itself.
          noteEnd(corrupted.closeStatus().code(), "broken frame");
      case CorruptedFrameException corrupted -> end(1002, "broken frame");
      case null, default -> {
        noteEnd(CloseCode.ABNORMAL, "connection broken");
        context.close();
      }
    }
  }

  private void onChannelClosed() {
    sweeper.remove(this);
    boolean isNewWorker = false;
    int code;
    synchronized (this) {
      if (end == null) {
        end = new End(CloseCode.ABNORMAL, "connection broken");
      }
      code = end.code;
      isGone = true;
      if (!isWorking) {
        isWorking = true;
        isNewWorker = true;
      }
    }
    metrics.socketClosed(socket.template(), code);
    if (isNewWorker) {
      startWorker();
    }
  }

  // ---- the worker, on a virtual thread

  private void startWorker() {
    Thread.ofVirtual().name("socket").start(this::work);
  }

  private void work() {
    worker = Thread.currentThread();
    for (byte[] frame = next(); frame != null; frame = next()) {
      hold();
      Conversation.Outcome outcome = conversation.onFrame(frame, System.nanoTime());
      metrics.frames(socket.template(), outcome.name()).inc();
      finishRequest();
      if (outcome == Conversation.Outcome.ABUSE) {
        end(CloseCode.ABUSE, "too many bad frames");
      }
    }
  }

  private synchronized void hold() {
    held = new ArrayList<>(0);
  }

  private void finishRequest() {
    synchronized (this) {
      List<byte[]> waiting = Objects.requireNonNull(held);
      held = null;
      waiting.forEach(this::write);
    }
    if (!afterAnswer.isEmpty()) {
      List<Runnable> tasks = List.copyOf(afterAnswer);
      afterAnswer.clear();
      tasks.forEach(Runnable::run);
    }
    if (closeAfterAnswer != null) {
      End asked = closeAfterAnswer;
      closeAfterAnswer = null;
      end(asked.code, asked.reason);
    }
  }

  /// The next frame, or null when this worker is to end: because there is none, or for good.
  private byte @Nullable [] next() {
    End last;
    synchronized (this) {
      byte[] frame = end == null ? inbox.pollFirst() : null;
      if (frame != null) {
        if (isPaused && inbox.isEmpty()) {
          isPaused = false;
          channel.config().setAutoRead(true);
        }
        return frame;
      }
      inbox.clear();
      worker = null;
      if (!isGone) {
        isWorking = false;
        return null;
      }
      last = Objects.requireNonNull(end);
    }
    // isWorking stays true: nothing comes after the last call.
    try {
      handler.onClosed(last.code, last.reason);
    } catch (RuntimeException e) {
      reportDefect(e);
    }
    return null;
  }

  private void reportDefect(Throwable defect) {
    log.error(
        "socket.failed incident={} route={}",
        UUID.randomUUID().toString().substring(0, 8),
        socket.template(),
        defect);
  }

  // ---- JsonSocket, from any thread

  @Override
  public void send(Object frame) {
    byte[] utf8 = Json.toBytes(frame);
    synchronized (this) {
      if (!reserve(utf8)) {
        return;
      }
      if (held == null) {
        write(utf8);
      } else {
        held.add(utf8);
      }
    }
  }

  private void answer(ObjectNode frame) {
    byte[] utf8 = Json.toBytes(frame);
    synchronized (this) {
      if (reserve(utf8)) {
        write(utf8);
      }
    }
  }

  private synchronized boolean reserve(byte[] utf8) {
    if (end != null) {
      return false;
    }
    if (outboundBytes.addAndGet(utf8.length) > socket.options().maxOutboundBytes()) {
      // It does not read, so it would not read a close frame either.
      noteEnd(CloseCode.ABUSE, "reads too slowly");
      channel.close();
      return false;
    }
    return true;
  }

  /// The caller holds this object's lock, which keeps the frames in order.
  private void write(byte[] utf8) {
    channel
        .writeAndFlush(new TextWebSocketFrame(Unpooled.wrappedBuffer(utf8)))
        .addListener(written -> outboundBytes.addAndGet(-utf8.length));
  }

  @Override
  public void close(int code, String reason) {
    if (Thread.currentThread() == worker) {
      if (closeAfterAnswer == null) {
        closeAfterAnswer = new End(code, reason);
      }
      return;
    }
    end(code, reason);
  }

  @Override
  public void afterAnswer(Runnable task) {
    if (Thread.currentThread() == worker) {
      afterAnswer.add(task);
    } else {
      task.run();
    }
  }

  @Override
  public void greeted() {
    conversation.greeted();
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return remoteAddress;
  }

  // ---- the end

  /// Ends sockets that are overdue. By the sweeper, about twice a second.
  void sweep(long nowNanos) {
    if (isEnded()) {
      if (nowNanos - endedNanos >= CLOSE_TIMEOUT_NANOS) {
        channel.close();
      }
    } else if (!conversation.isGreeted()
        && nowNanos - openedNanos >= socket.options().greetingTimeout().toNanos()) {
      end(CloseCode.GREETING_TOO_LATE, "no " + socket.options().greetingType() + " in time");
    } else if (nowNanos - lastHeardNanos >= socket.options().silenceTimeout().toNanos()) {
      noteEnd(CloseCode.ABNORMAL, "silent for too long");
      channel.close();
    } else if (nowNanos - lastHeardNanos >= socket.options().heartbeatInterval().toNanos()
        && !isPinged) {
      // The timers of a hidden tab may run once a minute only; the browser itself answers this.
      isPinged = true;
      channel.writeAndFlush(new PingWebSocketFrame());
    }
  }

  /// Sends a close frame and waits for the client's (RFC 6455 §7.1.1): closing at once could reset
  /// the connection before the client has read why.
  void end(int code, String reason) {
    synchronized (this) {
      if (!noteEnd(code, reason)) {
        return;
      }
      // The answer is not out yet, but what was sent before the end is to arrive.
      if (held != null) {
        held.forEach(this::write);
        held.clear();
      }
    }
    channel.config().setAutoRead(true);
    channel.writeAndFlush(new CloseWebSocketFrame(code, reason));
  }

  private synchronized boolean noteEnd(int code, String reason) {
    if (end != null) {
      return false;
    }
    endedNanos = System.nanoTime();
    end = new End(code, reason);
    return true;
  }

  private synchronized boolean isEnded() {
    return end != null;
  }
}
