package io.belfry.signalling.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The signature of a request that this server makes: HMAC-SHA256 (RFC 2104) over the time, a dot
/// and the body. The time is signed so that an old request cannot be sent again as a new one.
public final class Signature {
  private static final String ALGORITHM = "HmacSHA256";

  private Signature() {}

  /// `v1=` and 64 hexadecimal digits.
  ///
  /// @param timestamp as in its header: Unix seconds in decimal digits
  public static String of(String secret, String timestamp, String body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      byte[] signed = (timestamp + "." + body).getBytes(StandardCharsets.UTF_8);
      return "v1=" + HexFormat.of().formatHex(mac.doFinal(signed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }
}
