package io.belfry.sfu.participant;

import io.belfry.http.ApiException;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.control.ProducerSpec;
import io.belfry.sfu.ice.IceCredentials;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// On which media loops a session's room is open. Its publishers are all on one, its home; the
/// receivers too while they are few, and beyond that wherever the fewest transports are. Under the
/// session's lock.
final class Placement {
  private final long roomId;
  private final int home;
  private final LoopLoads loops;
  private final int receiversBeforeSpread;
  private final Map<Long, Place> places = new HashMap<>();

  /// Receivers on each loop other than home where the room is open.
  private final Map<Integer, Integer> away = new HashMap<>();

  private int receiversAtHome;

  private record Place(int loop, boolean isPublish) {}

  Placement(long roomId, int home, LoopLoads loops, int receiversBeforeSpread) {
    this.roomId = roomId;
    this.home = home;
    this.loops = loops;
    this.receiversBeforeSpread = receiversBeforeSpread;
  }

  /// @return false if the loop cannot take it
  boolean openRoom() {
    return loops.loop(home).offer(new Command.OpenRoom(roomId));
  }

  void closeRoom() {
    away.keySet().forEach(loop -> loops.loop(loop).offer(new Command.CloseRoom(roomId)));
    loops.loop(home).offer(new Command.CloseRoom(roomId));
    places.values().forEach(place -> loops.remove(place.loop()));
    places.clear();
    away.clear();
  }

  long roomId() {
    return roomId;
  }

  /// Begins a transport.
  ///
  /// @param tracks of the room, for a loop where it was not open before
  /// @throws ApiException `ERR_OVERLOADED`; there is no transport then
  void openTransport(
      long transportId, boolean isPublish, IceCredentials local, List<PublishedTrack> tracks) {
    int loop = isPublish ? home : loopForReceiver();
    if (loop != home && !away.containsKey(loop)) {
      spreadTo(loop, tracks);
    }
    try {
      offer(loop, new Command.OpenTransport(roomId, transportId, isPublish, local));
    } catch (ApiException e) {
      withdrawIfUnused(loop);
      throw e;
    }
    places.put(transportId, new Place(loop, isPublish));
    loops.add(loop);
    if (loop != home) {
      away.merge(loop, 1, Integer::sum);
    } else if (!isPublish) {
      receiversAtHome++;
    }
  }

  private int loopForReceiver() {
    boolean staysHome = receiversAtHome < receiversBeforeSpread && !loops.loop(home).isOverloaded();
    return staysHome ? home : loops.leastLoaded(home);
  }

  private void spreadTo(int loop, List<PublishedTrack> tracks) {
    away.put(loop, 0);
    try {
      offer(loop, new Command.OpenRoom(roomId));
      for (PublishedTrack track : tracks) {
        offer(loop, new Command.ProducePiped(roomId, home, track.spec()));
      }
      offer(home, new Command.PipeRoom(roomId, loop));
    } catch (ApiException e) {
      withdrawIfUnused(loop);
      throw e;
    }
  }

  private void withdrawIfUnused(int loop) {
    if (away.remove(loop, 0)) {
      loops.loop(home).offer(new Command.UnpipeRoom(roomId, loop));
      loops.loop(loop).offer(new Command.CloseRoom(roomId));
    }
  }

  /// Ends a transport.
  void closeTransport(long transportId) {
    Place place = places.remove(transportId);
    if (place == null) {
      return;
    }
    int loop = place.loop();
    loops.loop(loop).offer(new Command.CloseTransport(transportId));
    loops.remove(loop);
    if (loop != home) {
      away.merge(loop, -1, Integer::sum);
      withdrawIfUnused(loop);
    } else if (!place.isPublish()) {
      receiversAtHome--;
    }
  }

  /// The UDP port at which a transport is reached.
  int port(long transportId) {
    return loops.loop(loopOf(transportId)).localPort();
  }

  /// The UDP port at which publishers are reached.
  int publishPort() {
    return loops.loop(home).localPort();
  }

  /// Tells the loop of a transport something about it.
  ///
  /// @throws ApiException `ERR_OVERLOADED` when the loop cannot take it
  void command(long transportId, Command command) {
    offer(loopOf(transportId), command);
  }

  private int loopOf(long transportId) {
    Place place = places.get(transportId);
    return place == null ? home : place.loop();
  }

  /// Begins a track, or replaces what is known of it.
  ///
  /// @throws ApiException `ERR_OVERLOADED`: some loops may know it; the same again does the rest
  void produce(long transportId, ProducerSpec spec) {
    offer(home, new Command.Produce(transportId, spec));
    for (int loop : away.keySet()) {
      offer(loop, new Command.ProducePiped(roomId, home, spec));
    }
  }

  /// Ends a track.
  ///
  /// @throws ApiException `ERR_OVERLOADED`, as {@link #produce}
  void closeProducer(long producerId) {
    offer(home, new Command.CloseProducer(producerId));
    for (int loop : away.keySet()) {
      offer(loop, new Command.CloseProducer(producerId));
    }
  }

  /// A track has ended with its transport; the other loops do not see that by themselves.
  void forgetProducer(long producerId) {
    for (int loop : away.keySet()) {
      loops.loop(loop).offer(new Command.CloseProducer(producerId));
    }
  }

  private void offer(int loop, Command command) {
    if (!loops.loop(loop).offer(command)) {
      throw new ApiException(503, "ERR_OVERLOADED", "The server is overloaded; try again.");
    }
  }
}
