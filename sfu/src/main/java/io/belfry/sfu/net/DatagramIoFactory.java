package io.belfry.sfu.net;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the batch socket that a setting asks for and this system can have.
public final class DatagramIoFactory {
  private static final Logger log = LoggerFactory.getLogger(DatagramIoFactory.class);

  /// Which implementation is wanted.
  public enum Choice {
    /// The native one where it works, else the portable one.
    AUTO,
    NATIVE,
    PORTABLE
  }

  private DatagramIoFactory() {}

  /// @param bind the address to bind; port 0 takes any free one
  /// @param receiveBufferBytes asked of the kernel, which may give less
  /// @throws IOException if the address cannot be bound, or if NATIVE is asked for and missing
  public static DatagramIo open(
      Choice choice, InetSocketAddress bind, int receiveBufferBytes, int sendBufferBytes)
      throws IOException {
    if (choice != Choice.PORTABLE) {
      if (isNativeHere()) {
        return new NativeDatagramIo(bind, receiveBufferBytes, sendBufferBytes);
      }
      if (choice == Choice.NATIVE) {
        throw new IOException("the native UDP socket needs 64-bit Linux and native access");
      }
    }
    return new PortableDatagramIo(bind, receiveBufferBytes, sendBufferBytes);
  }

  /// The address itself, or that for all of IPv4 in place of that for all addresses where the
  /// system has no IPv6.
  public static InetAddress usable(InetAddress bind) throws IOException {
    if (!(bind instanceof Inet6Address) || !bind.isAnyLocalAddress()) {
      return bind;
    }
    try (DatagramChannel _ = DatagramChannel.open(StandardProtocolFamily.INET6)) {
      return bind;
    } catch (UnsupportedOperationException e) {
      return InetAddress.ofLiteral("0.0.0.0");
    }
  }

  private static boolean isNativeHere() {
    String architecture = System.getProperty("os.arch", "");
    if (!System.getProperty("os.name", "").equals("Linux")
        || !(architecture.equals("amd64") || architecture.equals("aarch64"))) {
      return false;
    }
    try {
      Class.forName("io.belfry.sfu.net.Libc");
      return true;
    } catch (ClassNotFoundException | LinkageError | IllegalCallerException e) {
      log.info("no native UDP socket here: {}", e.toString());
      return false;
    }
  }
}
