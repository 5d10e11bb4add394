package io.belfry.sfu.ice;

import java.net.InetSocketAddress;

/// A path between an address of ours and one of the peer's, as the agent tells it from others: by
/// `equals`, so that the same peer reached from another address of ours is another path.
public interface IcePath {
  /// The peer's transport address.
  InetSocketAddress inet();
}
