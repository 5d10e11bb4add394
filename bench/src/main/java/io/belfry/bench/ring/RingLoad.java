package io.belfry.bench.ring;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The runs. Each prints its figures to standard output.
public final class RingLoad {
  private static final int DEVICES_PER_USER = 25;
  private static final int CONNECTIONS_AT_ONCE = 50;

  private final Server server;
  private final PrintStream out;

  /// Two users who call each other, the callee with two devices.
  private record Pair(Phone caller, Phone callee, Phone tablet, String calleeUid) {}

  private RingLoad(Server server, PrintStream out) {
    this.server = server;
    this.out = out;
  }

  /// @param arguments address, API key, process id of the server; then `idle DEVICES`, `cycles
  ///   PER_SECOND SECONDS` or `races COUNT`
  public static void main(String[] arguments) throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    RingLoad load =
        new RingLoad(
            new Server(http, arguments[0], arguments[1], Long.parseLong(arguments[2])), System.out);
    switch (arguments[3]) {
      case "idle" -> load.idle(Integer.parseInt(arguments[4]));
      case "cycles" -> load.cycles(Integer.parseInt(arguments[4]), Integer.parseInt(arguments[5]));
      case "races" -> load.races(Integer.parseInt(arguments[4]));
      default -> throw new IllegalArgumentException("no such run: " + arguments[3]);
    }
    System.exit(0);
  }

  private void idle(int count) throws Exception {
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < (count + DEVICES_PER_USER - 1) / DEVICES_PER_USER; i++) {
      tokens.add(server.logIn("idle" + i));
    }
    long heapBefore = server.liveHeapKib();
    long residentBefore = server.residentKib();
    List<Phone> phones = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS_AT_ONCE)) {
      List<Future<Phone>> connecting = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        connecting.add(
            threads.submit(() -> {
              int user = number / DEVICES_PER_USER;
              return server.phone(
                  "idle" + user, tokens.get(user), String.format("device-%08d", number));
            }));
      }
      for (Future<Phone> phone : connecting) {
        phones.add(phone.get());
      }
    }
    long heap = server.liveHeapKib() - heapBefore;
    long resident = server.residentKib() - residentBefore;
    out.printf(
        "%d idle devices: %.1f kB of live heap each, %.1f kB of resident memory each%n",
        phones.size(), heap * 1.024 / count, resident * 1.024 / count);
  }

  private void cycles(int perSecond, int seconds) throws Exception {
    LinkedBlockingQueue<Pair> free = new LinkedBlockingQueue<>(pairs(perSecond / 2 + 10));
    run(free, perSecond, 10); // warms the server up
    run(free, perSecond, seconds);
  }

  private void run(LinkedBlockingQueue<Pair> free, int perSecond, int seconds) throws Exception {
    ConcurrentLinkedQueue<Long> acceptNanos = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<Long> ringNanos = new ConcurrentLinkedQueue<>();
    AtomicInteger failed = new AtomicInteger();
    long began = System.nanoTime();
    int count = perSecond * seconds;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        long dueNanos = began + i * 1_000_000_000L / perSecond;
        long early = dueNanos - System.nanoTime();
        if (early > 0) {
          TimeUnit.NANOSECONDS.sleep(early);
        }
        Pair pair = free.take();
        var _ =
            threads.submit(() -> {
              try {
                cycle(pair, ringNanos, acceptNanos);
              } catch (RuntimeException | InterruptedException e) {
                failed.incrementAndGet();
              }
              free.add(pair);
            });
      }
    }
    double took = (System.nanoTime() - began) / 1e9;
    out.printf(
        "%d cycles in %.1f s: %.0f/s of %d/s asked for, %d failed%n",
        acceptNanos.size(), took, acceptNanos.size() / took, perSecond, failed.get());
    print("initiateCall -> onIncomingCallReceived", ringNanos);
    print("acceptCall -> onOutgoingCallAccepted", acceptNanos);
  }

  private static void cycle(
      Pair pair, ConcurrentLinkedQueue<Long> ringNanos, ConcurrentLinkedQueue<Long> acceptNanos)
      throws InterruptedException {
    long asked = System.nanoTime();
    String session = initiate(pair);
    ringNanos.add(pair.callee().await("onIncomingCallReceived", session).atNanos() - asked);
    long accepted = System.nanoTime();
    var _ = pair.callee().call("acceptCall", Map.of("sessionId", session));
    acceptNanos.add(pair.caller().await("onOutgoingCallAccepted", session).atNanos() - accepted);
    var _ = pair.caller().call("endCall", Map.of("sessionId", session));
    var _ = pair.callee().await("onCallEndedMessageReceived", session);
    pair.tablet().forgetEvents();
  }

  private static String initiate(Pair pair) {
    return pair.caller()
        .call(
            "initiateCall",
            Map.of("receiverId", pair.calleeUid(), "receiverType", "user", "callType", "audio"))
        .get("sessionId")
        .textValue();
  }

  private void races(int count) throws Exception {
    LinkedBlockingQueue<Pair> free = new LinkedBlockingQueue<>(pairs(20));
    AtomicInteger oneWinner = new AtomicInteger();
    ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    long began = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        Pair pair = free.take();
        var _ =
            threads.submit(() -> {
              try {
                race(pair, oneWinner, wrong);
              } catch (RuntimeException e) {
                wrong.add(e.toString());
              }
              free.add(pair);
            });
      }
    }
    out.printf(
        "%d races in %.0f s: %d with exactly one winner, the others: %s%n",
        count,
        (System.nanoTime() - began) / 1e9,
        oneWinner.get(),
        wrong.stream().limit(5).toList());
  }

  private static void race(
      Pair pair, AtomicInteger oneWinner, ConcurrentLinkedQueue<String> wrong) {
    String session = initiate(pair);
    CompletableFuture<ObjectNode> one =
        pair.callee().ask("acceptCall", Map.of("sessionId", session));
    CompletableFuture<ObjectNode> other =
        pair.tablet().ask("acceptCall", Map.of("sessionId", session));
    String outcome = outcome(one) + " " + outcome(other);
    if (outcome.equals("accepted ERR_CALL_USER_ALREADY_JOINED")
        || outcome.equals("ERR_CALL_USER_ALREADY_JOINED accepted")) {
      oneWinner.incrementAndGet();
    } else {
      wrong.add(outcome);
    }
    var _ = pair.caller().call("endCall", Map.of("sessionId", session));
    for (Phone phone : List.of(pair.caller(), pair.callee(), pair.tablet())) {
      phone.forgetEvents();
    }
  }

  private static String outcome(CompletableFuture<ObjectNode> answer) {
    ObjectNode frame = answer.join();
    return frame.has("error") ? frame.at("/error/code").asText() : "accepted";
  }

  private List<Pair> pairs(int count) throws IOException, InterruptedException {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String caller = "caller" + i;
      String callee = "callee" + i;
      String callerToken = server.logIn(caller);
      String calleeToken = server.logIn(callee);
      pairs.add(
          new Pair(
              server.phone(caller, callerToken, "device-1"),
              server.phone(callee, calleeToken, "device-1"),
              server.phone(callee, calleeToken, "device-2"),
              callee));
    }
    return pairs;
  }

  private void print(String what, ConcurrentLinkedQueue<Long> nanos) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    if (sorted.length > 0) {
      out.printf(
          "  %s: p50 %.1f ms, p99 %.1f ms, most %.1f ms%n",
          what,
          sorted[sorted.length / 2] / 1e6,
          sorted[(int) (sorted.length * 0.99)] / 1e6,
          sorted[sorted.length - 1] / 1e6);
    }
  }
}
