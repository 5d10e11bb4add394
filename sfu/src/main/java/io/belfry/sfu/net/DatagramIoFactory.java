package io.belfry.sfu.net;

import java.io.IOException;
import java.net.InetSocketAddress;
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
