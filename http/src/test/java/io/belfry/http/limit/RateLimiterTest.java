package io.belfry.http.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class RateLimiterTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void allowsTheBurstThenTheRateAndSaysHowLongToWait() {
    RateLimiter limiter = RateLimiter.perSecond(2, 3);
    for (int i = 0; i < 3; i++) {
      assertEquals(0, limiter.take("anna", 0));
    }
    assertEquals(SECOND / 2, limiter.take("anna", 0));
    assertEquals(SECOND / 4, limiter.take("anna", SECOND / 4));
    assertEquals(0, limiter.take("ben", 0), "each key has its own bucket");
    assertEquals(0, limiter.take("anna", SECOND / 2));
    assertEquals(SECOND / 2, limiter.take("anna", SECOND / 2));
  }

  @Test
  void peeksWithoutTaking() {
    RateLimiter limiter = RateLimiter.perMinute(1);
    assertEquals(0, limiter.peek("anna", 0));
    assertEquals(0, limiter.take("anna", 0));
    assertEquals(60 * SECOND, limiter.peek("anna", 0));
  }

  @Test
  void hasNoLimitAtZero() {
    RateLimiter limiter = RateLimiter.perSecond(0, 0);
    for (int i = 0; i < 1000; i++) {
      assertEquals(0, limiter.take("anna", 0));
    }
    assertEquals(0, limiter.size());
  }

  @Test
  void worksWhereTheMonotonicLineWraps() {
    RateLimiter limiter = RateLimiter.perSecond(1, 1);
    assertEquals(0, limiter.take("anna", Long.MAX_VALUE - 10));
    assertTrue(limiter.take("anna", Long.MIN_VALUE + 10) > 0);
    assertEquals(0, limiter.take("anna", Long.MIN_VALUE + SECOND));
  }

  @Test
  void forgetsIdleKeysAndSharesABucketWhenAllAreBusy() {
    RateLimiter limiter = new RateLimiter(1, 1, 100);
    for (int i = 0; i < 100; i++) {
      assertEquals(0, limiter.take("key" + i, 0));
    }
    assertEquals(0, limiter.take("one more", 0));
    assertTrue(limiter.take("and another", 0) > 0, "shares the bucket of those without their own");
    assertTrue(limiter.size() <= 101);
    assertEquals(0, limiter.take("later", 2 * SECOND));
    assertEquals(1, limiter.size(), "the others were full again");
  }

  /// Goal: over any span no more passes than burst + rate × time. Method: random arrivals.
  @Test
  void neverLetsThroughMoreThanItMay() {
    for (long seed = 1; seed <= 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      RateLimiter limiter = RateLimiter.perSecond(50, 10);
      long now = 0;
      int passed = 0;
      for (int i = 0; i < 10_000; i++) {
        now += random.nextLong(10_000_000);
        passed += limiter.take("anna", now) == 0 ? 1 : 0;
      }
      double most = 10 + now / 1e9 * 50 + 1;
      assertTrue(passed <= most, "seed " + seed + ": " + passed + " of " + most);
      assertTrue(passed >= most * 0.9, "seed " + seed + ": " + passed + " of " + most);
    }
  }
}
