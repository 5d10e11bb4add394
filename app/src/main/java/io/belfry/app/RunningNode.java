package io.belfry.app;

import java.util.Optional;

/// What a command has started.
interface RunningNode extends AutoCloseable {
  /// Where it is found from this machine.
  String address();

  /// The admin API key, if this start made it.
  Optional<String> firstApiKey();

  @Override
  void close();
}
