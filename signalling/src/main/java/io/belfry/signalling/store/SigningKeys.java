package io.belfry.signalling.store;

import java.util.Optional;
import java.util.function.Supplier;

/// Where the private key that signs call tokens is kept: in one place for all nodes that share a
/// database, and so that `belfry token` can read it while a node runs.
public interface SigningKeys {

  Optional<String> find();

  /// Stores a key unless there is one.
  ///
  /// @return the one that is stored now
  String findOrStore(Supplier<String> fresh);
}
