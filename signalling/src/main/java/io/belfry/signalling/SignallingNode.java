package io.belfry.signalling;

import io.belfry.common.media.MediaNode;
import io.belfry.config.BelfryConfig;
import io.belfry.config.SignallingConfig;
import io.belfry.http.Operations;
import io.belfry.http.Routes;
import io.belfry.signalling.auth.Authenticator;
import io.belfry.signalling.auth.CallTokens;
import io.belfry.signalling.auth.Secrets;
import io.belfry.signalling.call.CallService;
import io.belfry.signalling.call.MediaLiveness;
import io.belfry.signalling.demo.DemoPeople;
import io.belfry.signalling.http.OperatorApi;
import io.belfry.signalling.http.SettingsApi;
import io.belfry.signalling.http.UserApi;
import io.belfry.signalling.presence.Devices;
import io.belfry.signalling.presence.PresenceNews;
import io.belfry.signalling.store.CredentialStore;
import io.belfry.signalling.store.Database;
import io.belfry.signalling.store.StoreException;
import io.belfry.signalling.store.UserStore;
import io.belfry.signalling.timer.SystemTimers;
import io.belfry.signalling.timer.Timers;
import io.belfry.signalling.ws.DeviceEndpoint;
import io.prometheus.client.CollectorRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The running signalling node: wires its parts, puts its routes on the server's, and ends in
/// order.
public final class SignallingNode implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SignallingNode.class);

  private static final String FIRST_KEY_NAME = "admin";
  private static final Duration TIDY_INTERVAL = Duration.ofHours(1);
  private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(15);

  private final Database database;
  private final CallTokens tokens;
  private final Optional<String> firstApiKey;
  private final Runnable stopTimers;

  private SignallingNode(
      Database database, CallTokens tokens, Optional<String> firstApiKey, Runnable stopTimers) {
    this.database = database;
    this.tokens = tokens;
    this.firstApiKey = firstApiKey;
    this.stopTimers = stopTimers;
  }

  /// Starts with the JVM's timers.
  ///
  /// @see #start(BelfryConfig, Routes, Operations, MediaNode, CollectorRegistry, Clock, Timers)
  public static SignallingNode start(
      BelfryConfig config,
      Routes routes,
      Operations operations,
      MediaNode media,
      CollectorRegistry registry,
      Clock clock) {
    SystemTimers timers = new SystemTimers();
    try {
      return start(config, routes, operations, media, registry, clock, timers, timers::close);
    } catch (RuntimeException e) {
      timers.close();
      throw e;
    }
  }

  /// Opens the store, takes the last run's calls up again, and adds the routes. It serves once the
  /// server that has the routes is started.
  ///
  /// @param operations gets the store's readiness
  /// @param timers for tests, which turn the time by hand
  /// @throws StoreException if the database cannot be used, in words
  public static SignallingNode start(
      BelfryConfig config,
      Routes routes,
      Operations operations,
      MediaNode media,
      CollectorRegistry registry,
      Clock clock,
      Timers timers) {
    return start(config, routes, operations, media, registry, clock, timers, () -> {});
  }

  private static SignallingNode start(
      BelfryConfig config,
      Routes routes,
      Operations operations,
      MediaNode media,
      CollectorRegistry registry,
      Clock clock,
      Timers timers,
      Runnable stopTimers) {
    SignallingConfig settings = config.signalling();
    SecureRandom random = new SecureRandom();
    Secrets secrets = new Secrets(random);
    Database database = Database.open(settings.database(), config.dataDirectory());
    try {
      UserStore users = database.users();
      CredentialStore credentials = database.credentials();
      Authenticator authenticator =
          new Authenticator(credentials, secrets, settings.authTokenLifetime(), clock);
      CallTokens tokens =
          CallTokens.open(database.signingKeys(), settings.callTokenLifetime(), clock);
      Devices devices = new Devices(timers, settings.disconnectGrace(), settings.maxEventsKept());
      CallService calls =
          new CallService(
              settings,
              config.region(),
              config.appId(),
              database.calls(),
              users,
              devices,
              media,
              timers,
              clock,
              random,
              registry);
      PresenceNews news = new PresenceNews(devices, users, clock);
      devices.addListener(news);
      devices.addListener(
          new Devices.Listener() {
            @Override
            public void onOnline(String uid) {
              // A call that rings the user is told to the device itself.
            }

            @Override
            public void onOffline(String uid) {
              calls.onUserOffline(uid);
            }
          });
      media.onEvent(new MediaLiveness(calls, timers));

      DemoPeople demo = null;
      Optional<String> firstApiKey = Optional.empty();
      if (config.development()) {
        demo = DemoPeople.create(users, credentials, secrets, clock.instant());
      } else {
        DemoPeople.removeKey(credentials);
        firstApiKey = firstApiKey(credentials, secrets, clock);
      }
      calls.recover();
      every(TIDY_INTERVAL, timers, authenticator::forgetExpired);
      every(SWEEP_INTERVAL, timers, calls::sweep);

      new SettingsApi(config, tokens, devices, demo).contribute(routes);
      new UserApi(authenticator, users, devices, calls, tokens, media.sessionUrl())
          .contribute(routes);
      new OperatorApi(authenticator, users, devices, clock).contribute(routes);
      new DeviceEndpoint(settings, authenticator, users, devices, calls, registry)
          .contribute(routes, settings);
      operations.addReadiness("store", database::problem);
      log.info("signalling.started development={}", config.development());
      return new SignallingNode(database, tokens, firstApiKey, stopTimers);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /// Without any key nobody could ever make a user: the first start makes one.
  private static Optional<String> firstApiKey(
      CredentialStore credentials, Secrets secrets, Clock clock) {
    if (credentials.hasApiKeys(Authenticator.FULL)) {
      return Optional.empty();
    }
    String key = secrets.next();
    credentials.putApiKey(FIRST_KEY_NAME, Secrets.hash(key), Authenticator.FULL, clock.instant());
    log.info("signalling.api_key_made name={}", FIRST_KEY_NAME);
    return Optional.of(key);
  }

  /// The next time is set before the work is done, so that a failure does not end it.
  private static void every(Duration interval, Timers timers, Runnable work) {
    var _ =
        timers.after(
            interval,
            () -> {
              every(interval, timers, work);
              work.run();
            });
  }

  /// The admin API key, if this start made it. It is kept as a hash only: whoever started the node
  /// prints it, once, to the console and to no log.
  public Optional<String> firstApiKey() {
    return firstApiKey;
  }

  /// The public keys of call tokens as a JWK set (RFC 7517), for an SFU in the same process.
  public String callTokenJwks() {
    return tokens.jwks();
  }

  /// After the server has stopped.
  @Override
  public void close() {
    stopTimers.run();
    database.close();
    log.info("signalling.stopped");
  }
}
