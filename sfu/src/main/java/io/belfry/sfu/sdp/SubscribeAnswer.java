package io.belfry.sfu.sdp;

import java.util.List;
import java.util.Optional;

/// A client's answer to a [SubscribeOffer], read.
///
/// @param peer the client's end of the transport
/// @param sections those that it wants to receive, in order
public record SubscribeAnswer(PeerTransport peer, List<SubscribedSection> sections) {
  public SubscribeAnswer {
    sections = List.copyOf(sections);
  }

  public Optional<SubscribedSection> section(String mid) {
    return sections.stream().filter(section -> section.mid().equals(mid)).findFirst();
  }
}
