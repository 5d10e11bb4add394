package io.belfry.sfu.participant;

import io.belfry.sfu.control.Command;

/// A media loop as the control plane sees it.
public interface LoopPort {

  /// Hands a command to the loop; commands of one thread keep their order.
  ///
  /// @return false if its mailbox is full; the command is then forgotten
  boolean offer(Command command);

  /// Whether the loop does not keep up with what it has.
  boolean isOverloaded();

  /// The UDP port at which the loop's transports are reached.
  int localPort();
}
