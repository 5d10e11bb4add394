package io.belfry.signalling.webhook;

import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Work that is done once at a time on a virtual thread, and once more if it was asked for while it
/// was done.
final class Errand {
  private static final Logger log = LoggerFactory.getLogger(Errand.class);

  private final String name;
  private final Runnable work;
  private final AtomicInteger asked = new AtomicInteger();

  Errand(String name, Runnable work) {
    this.name = name;
    this.work = work;
  }

  /// Returns at once.
  void run() {
    if (asked.getAndIncrement() == 0) {
      Thread.ofVirtual().name(name).start(this::work);
    }
  }

  private void work() {
    int done;
    do {
      done = asked.get();
      try {
        work.run();
      } catch (RuntimeException e) {
        log.error("webhook.failed errand={}", name, e);
      }
    } while (asked.addAndGet(-done) > 0);
  }
}
