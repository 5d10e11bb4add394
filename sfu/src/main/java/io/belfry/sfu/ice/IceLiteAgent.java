package io.belfry.sfu.ice;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.stun.StunIntegrity;
import io.belfry.sfu.stun.StunMessage;
import io.belfry.sfu.stun.StunWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The ICE-lite agent of one transport (RFC 8445 §2.5): answers checks, follows the peer's
/// nomination, and tells when consent has ended. Does no I/O and reads no clock; owned by one loop.
///
/// A check takes two steps, so that nothing is made for a sender that nobody knows:
/// [#verify(StunMessage)] first, then [#onVerifiedRequest] with the address as an object.
public final class IceLiteAgent {
  /// How long a peer may be silent before nothing more is sent to it, by RFC 7675 §5.1.
  public static final long CONSENT_EXPIRY_NANOS = 30_000_000_000L;

  /// How long nothing may have come on the selected path before media on another one moves it
  /// there: longer than packets overtake each other, short enough to follow a change of networks
  /// within a second.
  public static final long MEDIA_STALE_NANOS = 500_000_000L;

  /// How long the selected path may be silent before a check on another path takes it over without
  /// a nomination: a client whose address was changed by its NAT keeps checking, but need not
  /// nominate again. Checks for consent come every 4 to 6 s (RFC 7675 §5.1), so two were missed.
  public static final long PATH_STALE_NANOS = 10_000_000_000L;

  /// Room that a response needs.
  public static final int MAX_RESPONSE_BYTES = 160;

  /// Answer of [#takeRetiredFragment()] when there is none.
  public static final long NO_FRAGMENT = StunMessage.NO_FRAGMENT;

  private final StunWriter writer = new StunWriter();
  private Generation current;
  private @Nullable Generation previous;
  private @Nullable Generation verified;
  private long retiredFragment = NO_FRAGMENT;
  private int responseLength;

  private @Nullable IcePath selectedPath;
  private boolean isNominated;
  private boolean hasBeenChecked;
  private long lastCheckNanos;

  /// When anything authentic came on the selected path.
  private long lastHeardNanos;

  private final long consentExpiryNanos;

  public IceLiteAgent(IceCredentials local) {
    this(local, CONSENT_EXPIRY_NANOS);
  }

  /// @param consentExpiryNanos in place of {@link #CONSENT_EXPIRY_NANOS}
  public IceLiteAgent(IceCredentials local, long consentExpiryNanos) {
    this.current = new Generation(local);
    this.consentExpiryNanos = consentExpiryNanos;
  }

  /// The credentials to offer or answer with.
  public IceCredentials credentials() {
    return current.credentials;
  }

  /// Restarts ICE (RFC 8445 §9). The credentials so far stay valid until the first check with the
  /// new ones, and the selected path is used until the peer nominates another, so that media does
  /// not stop.
  public void restart(IceCredentials fresh) {
    if (previous != null) {
      // Two restarts without a check between them: nobody has ever used the ones in the middle.
      retiredFragment = current.credentials.fragmentKey();
    } else {
      previous = current;
    }
    current = new Generation(fresh);
  }

  /// The packed user fragment that has just ceased to be valid, once; else [#NO_FRAGMENT]. To be
  /// asked after [#restart] and [#onVerifiedRequest], by whoever finds agents by fragment.
  public long takeRetiredFragment() {
    long retired = retiredFragment;
    retiredFragment = NO_FRAGMENT;
    return retired;
  }

  /// Whether a message is a check for us by someone who knows our password. Leaves no trace if not.
  /// The sender's own fragment in USERNAME does not matter (RFC 8445 §7.3).
  ///
  /// @return [IceOutcome#VERIFIED], or why the message is to be dropped without an answer
  public IceOutcome verify(StunMessage message) {
    verified = null;
    if (message.type() != StunMessage.BINDING_REQUEST) {
      return IceOutcome.NOT_A_BINDING_REQUEST;
    }
    if (message.hasFingerprint() && !message.isFingerprintValid()) {
      return IceOutcome.WRONG_FINGERPRINT;
    }
    if (!message.hasUsername() || !message.hasMessageIntegrity()) {
      return IceOutcome.NO_CREDENTIALS;
    }
    Generation generation = generationOf(message.localFragment());
    if (generation == null) {
      return IceOutcome.WRONG_USERNAME;
    }
    if (!generation.integrity.isValid(message)) {
      return IceOutcome.WRONG_INTEGRITY;
    }
    verified = generation;
    return IceOutcome.VERIFIED;
  }

  private @Nullable Generation generationOf(long fragmentKey) {
    if (fragmentKey == current.fragmentKey) {
      return current;
    }
    return previous != null && fragmentKey == previous.fragmentKey ? previous : null;
  }

  /// Answers a request that [#verify(StunMessage)] has just found authentic (RFC 8445 §7.3).
  ///
  /// @param from the path that the request came on, and that the response goes back on
  /// @param response where the response is written; needs [#MAX_RESPONSE_BYTES]
  /// @return an outcome with an answer of [#responseLength()] bytes
  /// @throws IllegalStateException if the message was not verified
  public IceOutcome onVerifiedRequest(
      StunMessage request, IcePath from, long nowNanos, Memory response, int responseOffset) {
    Generation generation = verified;
    if (generation == null) {
      throw new IllegalStateException("not verified");
    }
    verified = null;
    if (generation == current && previous != null) {
      retiredFragment = previous.fragmentKey;
      previous = null;
      isNominated = false;
    }
    IceOutcome refusal = refusal(request);
    if (refusal != null) {
      writeError(request, refusal, generation, response, responseOffset);
      return refusal;
    }
    writer
        .beginResponse(response, responseOffset, StunMessage.BINDING_SUCCESS_RESPONSE, request)
        .xorMappedAddress(from.inet());
    finishResponse(generation);
    return onCheck(from, request.isUseCandidate(), nowNanos);
  }

  private static @Nullable IceOutcome refusal(StunMessage request) {
    if (request.unknownAttributeCount() > 0) {
      return IceOutcome.UNKNOWN_ATTRIBUTE;
    }
    if (request.isIceControlled()) {
      return request.isIceControlling() ? IceOutcome.BAD_REQUEST : IceOutcome.ROLE_CONFLICT;
    }
    return null;
  }

  private void writeError(
      StunMessage request, IceOutcome refusal, Generation generation, Memory response, int offset) {
    writer.beginResponse(response, offset, StunMessage.BINDING_ERROR_RESPONSE, request);
    switch (refusal) {
      case UNKNOWN_ATTRIBUTE ->
          writer.errorCode(420, "Unknown Attribute").unknownAttributes(request);
      case ROLE_CONFLICT -> writer.errorCode(487, "Role Conflict");
      default -> writer.errorCode(400, "Bad Request");
    }
    finishResponse(generation);
  }

  private void finishResponse(Generation generation) {
    responseLength = writer.messageIntegrity(generation.integrity).fingerprint().length();
  }

  /// The latest nominated path wins; until there is one, the first valid path (RFC 8445 §12.1.1
  /// lets data flow on it); and any valid path once the selected one has fallen silent.
  private IceOutcome onCheck(IcePath from, boolean nominates, long nowNanos) {
    hasBeenChecked = true;
    if (from.equals(selectedPath)) {
      isNominated |= nominates;
      lastCheckNanos = nowNanos;
      lastHeardNanos = nowNanos;
      return IceOutcome.CHECKED;
    }
    boolean isStale = nowNanos - lastCheckNanos >= PATH_STALE_NANOS;
    if (selectedPath != null && !nominates && !isStale) {
      return IceOutcome.CHECKED;
    }
    selectedPath = from;
    isNominated = nominates;
    lastCheckNanos = nowNanos;
    lastHeardNanos = nowNanos;
    return IceOutcome.PATH_SELECTED;
  }

  /// Authentic media came on a validated path. A controlling peer sends on the pair that it has
  /// selected (RFC 8445 §12.1.1), so when the selected path has fallen silent the other one is it:
  /// a client behind a NAT that has changed its address does not know, and nominates nothing.
  ///
  /// Consent is a matter of checks alone (RFC 7675 §5.1), and not prolonged by media.
  ///
  /// @return whether [#selectedPath()] has changed, to this path
  public boolean onMedia(IcePath from, long nowNanos) {
    if (from.equals(selectedPath)) {
      lastHeardNanos = nowNanos;
      return false;
    }
    if (selectedPath != null && nowNanos - lastHeardNanos < MEDIA_STALE_NANOS) {
      return false;
    }
    selectedPath = from;
    isNominated = false;
    lastHeardNanos = nowNanos;
    return true;
  }

  /// A path has ended by itself, as a TCP connection does. If it was the selected one, another
  /// takes its place; or none, and then the next valid check selects.
  public void replacePath(IcePath ended, @Nullable IcePath other) {
    if (ended.equals(selectedPath)) {
      selectedPath = other;
      isNominated = false;
    }
  }

  /// The length of the response that was written last, in bytes.
  public int responseLength() {
    return responseLength;
  }

  /// Where to send: empty before the first check.
  public Optional<IcePath> selectedPath() {
    return Optional.ofNullable(selectedPath);
  }

  /// Whether the peer has nominated the selected path since the last restart.
  public boolean isNominated() {
    return isNominated;
  }

  /// Whether the peer has been silent on the selected path for too long to be sent anything (RFC
  /// 7675 §5.1). False before the first check, when there is nothing to send to.
  public boolean isConsentExpired(long nowNanos) {
    return hasBeenChecked && nowNanos - lastCheckNanos >= consentExpiryNanos;
  }

  /// When the last check on the selected path came, on the caller's time line; meaningless before
  /// there is one.
  public long lastCheckNanos() {
    return lastCheckNanos;
  }

  /// Credentials between two restarts, ready to verify.
  private static final class Generation {
    final IceCredentials credentials;
    final long fragmentKey;
    final StunIntegrity integrity;

    Generation(IceCredentials credentials) {
      this.credentials = credentials;
      this.fragmentKey = credentials.fragmentKey();
      this.integrity = new StunIntegrity(credentials.password());
    }
  }
}
