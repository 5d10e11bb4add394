package io.belfry.sfu.ice;

import io.belfry.sfu.stun.StunMessage;
import java.util.random.RandomGenerator;

/// The user fragment and password of an agent (RFC 8445 §5.3), as named in SDP (RFC 8839 §5.4).
///
/// Ours have fragments of exactly eight characters, so that a loop can find a transport by a
/// `long`.
public record IceCredentials(String usernameFragment, String password) {
  private static final String ICE_CHARS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final int FRAGMENT_CHARS = 8;

  /// 144 bits; RFC 8445 §5.3 asks for 128.
  private static final int PASSWORD_CHARS = 24;

  /// @throws IllegalArgumentException if the fragment is not eight ASCII characters or the password
  ///   not 22 to 256 characters (RFC 8839 §5.4)
  public IceCredentials {
    StunMessage.packFragment(usernameFragment);
    if (password.length() < 22 || password.length() > 256) {
      throw new IllegalArgumentException("ICE password of " + password.length() + " characters");
    }
  }

  /// New credentials.
  ///
  /// @param random a source that nobody can guess, such as a `SecureRandom`
  public static IceCredentials generate(RandomGenerator random) {
    return new IceCredentials(iceChars(random, FRAGMENT_CHARS), iceChars(random, PASSWORD_CHARS));
  }

  /// The user fragment as [StunMessage#localFragment()] gives it.
  public long fragmentKey() {
    return StunMessage.packFragment(usernameFragment);
  }

  private static String iceChars(RandomGenerator random, int count) {
    StringBuilder text = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      text.append(ICE_CHARS.charAt(random.nextInt(ICE_CHARS.length())));
    }
    return text.toString();
  }

  /// Without the password, which does not belong in logs.
  @Override
  public String toString() {
    return "IceCredentials[" + usernameFragment + "]";
  }
}
