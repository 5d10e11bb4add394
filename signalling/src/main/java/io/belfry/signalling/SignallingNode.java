package io.belfry.signalling;

import io.belfry.common.media.MediaNode;
import io.belfry.config.BelfryConfig;
import io.belfry.config.PushConfig;
import io.belfry.config.SignallingConfig;
import io.belfry.http.Operations;
import io.belfry.http.Routes;
import io.belfry.signalling.auth.Authenticator;
import io.belfry.signalling.auth.CallTokens;
import io.belfry.signalling.auth.ForeignTokens;
import io.belfry.signalling.auth.LoginGuard;
import io.belfry.signalling.auth.Secrets;
import io.belfry.signalling.call.CallLogs;
import io.belfry.signalling.call.CallService;
import io.belfry.signalling.call.JoinGrants;
import io.belfry.signalling.call.MediaLiveness;
import io.belfry.signalling.demo.DemoPeople;
import io.belfry.signalling.http.Callers;
import io.belfry.signalling.http.CallsApi;
import io.belfry.signalling.http.GuestsApi;
import io.belfry.signalling.http.KeysApi;
import io.belfry.signalling.http.OpenApi;
import io.belfry.signalling.http.PeopleApi;
import io.belfry.signalling.http.PushApi;
import io.belfry.signalling.http.SettingsApi;
import io.belfry.signalling.http.UserApi;
import io.belfry.signalling.http.WebhooksApi;
import io.belfry.signalling.limit.Limits;
import io.belfry.signalling.presence.Devices;
import io.belfry.signalling.presence.PresenceNews;
import io.belfry.signalling.push.PushTokens;
import io.belfry.signalling.push.Pushes;
import io.belfry.signalling.push.WebhookPushProvider;
import io.belfry.signalling.store.CredentialStore;
import io.belfry.signalling.store.Database;
import io.belfry.signalling.store.StoreException;
import io.belfry.signalling.store.UserStore;
import io.belfry.signalling.timer.SystemTimers;
import io.belfry.signalling.timer.Timers;
import io.belfry.signalling.webhook.Webhooks;
import io.belfry.signalling.ws.DeviceEndpoint;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
  private final List<Runnable> ends;

  private SignallingNode(
      Database database,
      CallTokens tokens,
      Optional<String> firstApiKey,
      Runnable stopTimers,
      List<Runnable> ends) {
    this.database = database;
    this.tokens = tokens;
    this.firstApiKey = firstApiKey;
    this.stopTimers = stopTimers;
    this.ends = ends;
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
    List<Runnable> ends = new ArrayList<>();
    try {
      UserStore users = database.users();
      CredentialStore credentials = database.credentials();
      Authenticator authenticator =
          new Authenticator(
              credentials,
              users,
              secrets,
              settings.authTokenLifetime(),
              new LoginGuard(settings.limits().failedLoginsPerMinutePerAddress(), clock),
              settings.identityProvider().map(provider -> new ForeignTokens(provider, clock)),
              clock);
      Limits limits = new Limits(settings.limits(), clock, registry);
      CallTokens tokens =
          CallTokens.open(database.signingKeys(), settings.callTokenLifetime(), clock);
      Devices devices =
          new Devices(
              timers,
              settings.disconnectGrace(),
              settings.maxEventsKept(),
              settings.limits().devicesPerUser());
      JoinGrants grants = JoinGrants.of(tokens, media.sessionUrl());
      CallService calls =
          new CallService(
              settings,
              config.region(),
              config.appId(),
              database.calls(),
              users,
              devices,
              media,
              grants,
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
      Webhooks webhooks =
          new Webhooks(
              settings.webhooks(),
              config.appId(),
              config.region(),
              database.webhooks(),
              database.history(),
              users,
              timers,
              clock,
              random,
              registry);
      ends.add(webhooks::close);
      calls.addListener(webhooks);
      webhooks.refresh();
      every(TIDY_INTERVAL, timers, webhooks::tidy);
      Counter pushMetric = Pushes.metric(registry);
      if (!settings.push().url().isEmpty()) {
        PushConfig push = settings.push();
        WebhookPushProvider provider =
            new WebhookPushProvider(push.url(), push.secret(), push.timeout(), clock);
        Pushes pushes =
            new Pushes(
                provider,
                database.pushTokens(),
                database.calls(),
                users,
                devices,
                clock,
                pushMetric);
        ends.add(pushes::close);
        ends.add(provider::close);
        calls.addListener(pushes);
        devices.addListener(pushes);
      }
      calls.recover();
      every(TIDY_INTERVAL, timers, authenticator::forgetExpired);
      every(SWEEP_INTERVAL, timers, calls::sweep);

      new SettingsApi(config, tokens, devices, demo).contribute(routes);
      Callers callers = new Callers(authenticator, limits);
      new UserApi(
              callers,
              authenticator,
              users,
              devices,
              calls,
              tokens,
              grants,
              media.sessionUrl(),
              limits)
          .contribute(routes);
      new GuestsApi(
              callers,
              authenticator,
              calls,
              tokens,
              limits,
              settings,
              media.sessionUrl(),
              random,
              clock)
          .contribute(routes);
      new PeopleApi(
              callers,
              authenticator,
              credentials,
              users,
              devices,
              calls,
              config.signalling().usersManageGroups(),
              clock)
          .contribute(routes);
      new KeysApi(callers, credentials, secrets, clock).contribute(routes);
      new CallsApi(
              callers,
              database.history(),
              calls,
              new CallLogs(users, devices),
              users,
              limits,
              clock)
          .contribute(routes);
      new WebhooksApi(callers, settings.webhooks(), database.webhooks(), webhooks, secrets, clock)
          .contribute(routes);
      PushTokens pushTokens =
          new PushTokens(database.pushTokens(), settings.push().maxTokensPerUser(), clock);
      new PushApi(callers, pushTokens).contribute(routes);
      new OpenApi().contribute(routes);
      new DeviceEndpoint(
              settings, authenticator, users, devices, calls, limits, pushTokens, registry)
          .contribute(routes, settings);
      operations.addReadiness("store", database::problem);
      log.info("signalling.started development={}", config.development());
      return new SignallingNode(database, tokens, firstApiKey, stopTimers, ends);
    } catch (RuntimeException e) {
      ends.forEach(Runnable::run);
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
    ends.forEach(Runnable::run);
    database.close();
    log.info("signalling.stopped");
  }
}
