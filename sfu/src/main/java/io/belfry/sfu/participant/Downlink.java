package io.belfry.sfu.participant;

import java.util.List;

/// What a participant receives. Under the session's lock.
interface Downlink {
  /// Makes what is received what is wanted, as far as the participant can receive it.
  void refresh(List<PublishedTrack> wanted);

  /// A transport of the participant has ended by itself.
  void onTransportLost(long transportId);

  void close();

  /// Of a participant who only publishes.
  Downlink NONE =
      new Downlink() {
        @Override
        public void refresh(List<PublishedTrack> wanted) {
          // It receives nothing.
        }

        @Override
        public void onTransportLost(long transportId) {
          // It has no transport.
        }

        @Override
        public void close() {
          // Nothing was opened.
        }
      };
}
