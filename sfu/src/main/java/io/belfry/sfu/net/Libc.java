package io.belfry.sfu.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The system calls of Linux that the native socket needs, by the foreign-function API. Constants
/// and structure layouts are those of 64-bit Linux (the same on x86-64 and AArch64).
///
/// Every method returns what the call returned, or `-errno` when it failed.
final class Libc {
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int SOCK_DGRAM = 2;
  static final int SOCK_NONBLOCK = 0x800;
  static final int SOCK_CLOEXEC = 0x80000;
  static final int IPPROTO_IP = 0;
  static final int IP_PKTINFO = 8;
  static final int SOL_SOCKET = 1;
  static final int SO_SNDBUF = 7;
  static final int SO_RCVBUF = 8;

  /// Also the type of the control message: SCM_TIMESTAMPNS.
  static final int SO_TIMESTAMPNS = 35;

  static final int CLOCK_REALTIME = 0;
  static final int IPPROTO_IPV6 = 41;
  static final int IPV6_V6ONLY = 26;
  static final int IPV6_RECVPKTINFO = 49;
  static final int IPV6_PKTINFO = 50;
  static final int SOL_UDP = 17;
  static final int UDP_SEGMENT = 103;
  static final int UDP_GRO = 104;
  static final int MSG_DONTWAIT = 0x40;
  static final int POLLIN = 1;
  static final int EFD_NONBLOCK = 0x800;
  static final int EFD_CLOEXEC = 0x80000;
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int EAGAIN = 11;
  static final int EINVAL = 22;
  static final int EAFNOSUPPORT = 97;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle SOCKET = handle("socket", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND = handle("bind", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle GETSOCKNAME = handle("getsockname", JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle SETSOCKOPT =
      handle("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle GETSOCKOPT =
      handle("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle CLOCK_GETTIME = handle("clock_gettime", JAVA_INT, ADDRESS);
  private static final MethodHandle RECVMMSG =
      handle("recvmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle SENDMMSG =
      handle("sendmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle PPOLL = handle("ppoll", ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
  private static final MethodHandle EVENTFD = handle("eventfd", JAVA_INT, JAVA_INT);
  private static final MethodHandle READ = handleReturningLong("read");
  private static final MethodHandle WRITE = handleReturningLong("write");
  private static final MethodHandle CLOSE = handle("close", JAVA_INT);

  /// Where `errno` of the last call is captured; one for each thread that calls.
  private final MemorySegment callState;

  Libc(Arena arena) {
    this.callState = arena.allocate(CALL_STATE);
  }

  private static MethodHandle handle(String name, MemoryLayout... arguments) {
    return downcall(name, FunctionDescriptor.of(JAVA_INT, arguments));
  }

  private static MethodHandle handleReturningLong(String name) {
    return downcall(name, FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  }

  private static MethodHandle downcall(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().find(name).orElseThrow(() -> new UnsatisfiedLinkError(name)),
        descriptor,
        Linker.Option.captureCallState("errno"));
  }

  int socket(int domain, int type, int protocol) {
    try {
      return result((int) SOCKET.invokeExact(callState, domain, type, protocol));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int bind(int fd, MemorySegment address, int length) {
    try {
      return result((int) BIND.invokeExact(callState, fd, address, length));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int getsockname(int fd, MemorySegment address, MemorySegment length) {
    try {
      return result((int) GETSOCKNAME.invokeExact(callState, fd, address, length));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /// Sets an option whose value is an `int`.
  int setsockopt(int fd, int level, int option, int value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pointer = arena.allocateFrom(JAVA_INT, value);
      return result(
          (int) SETSOCKOPT.invokeExact(callState, fd, level, option, pointer, Integer.BYTES));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /// Reads an option whose value is an `int`.
  int getsockopt(int fd, int level, int option) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(JAVA_INT);
      MemorySegment length = arena.allocateFrom(JAVA_INT, Integer.BYTES);
      int outcome =
          result((int) GETSOCKOPT.invokeExact(callState, fd, level, option, value, length));
      return outcome < 0 ? outcome : value.get(JAVA_INT, 0);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int clockGettime(int clock, MemorySegment time) {
    try {
      return result((int) CLOCK_GETTIME.invokeExact(callState, clock, time));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int recvmmsg(int fd, MemorySegment messages, int count, int flags) {
    try {
      return result(
          (int) RECVMMSG.invokeExact(callState, fd, messages, count, flags, MemorySegment.NULL));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int sendmmsg(int fd, MemorySegment messages, int count, int flags) {
    try {
      return result((int) SENDMMSG.invokeExact(callState, fd, messages, count, flags));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int ppoll(MemorySegment fds, long count, MemorySegment timeout) {
    try {
      return result((int) PPOLL.invokeExact(callState, fds, count, timeout, MemorySegment.NULL));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int eventfd(int initial, int flags) {
    try {
      return result((int) EVENTFD.invokeExact(callState, initial, flags));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  long read(int fd, MemorySegment target, long length) {
    try {
      return (long) READ.invokeExact(callState, fd, target, length);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  long write(int fd, MemorySegment source, long length) {
    try {
      return (long) WRITE.invokeExact(callState, fd, source, length);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int close(int fd) {
    try {
      return result((int) CLOSE.invokeExact(callState, fd));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /// Turns a failed call's result into an exception that names it.
  static int orThrow(String call, int result) throws IOException {
    if (result < 0) {
      throw new IOException(call + ": " + Errno.words(-result));
    }
    return result;
  }

  private int result(int returned) {
    return returned < 0 ? -(int) ERRNO.get(callState, 0L) : returned;
  }

  private static AssertionError unexpected(Throwable t) {
    return new AssertionError("a system call's handle does not match its type", t);
  }
}
