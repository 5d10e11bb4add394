package io.belfry.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.security.MessageDigest;

/// Lets nobody in who does not know the secret that both nodes are set to.
final class SecretCheck implements ServerInterceptor {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final byte[] expected;

  SecretCheck(String secret) {
    this.expected = header(secret).getBytes(UTF_8);
  }

  private static String header(String secret) {
    return "Bearer " + secret;
  }

  /// The other side of it.
  static ClientInterceptor show(String secret) {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, header(secret));
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String shown = headers.get(AUTHORIZATION);
    if (shown == null || !MessageDigest.isEqual(expected, shown.getBytes(UTF_8))) {
      call.close(Status.UNAUTHENTICATED.withDescription("wrong secret"), new Metadata());
      return new ServerCall.Listener<>() {};
    }
    return next.startCall(call, headers);
  }
}
