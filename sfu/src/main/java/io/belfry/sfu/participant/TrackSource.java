package io.belfry.sfu.participant;

/// What a published track shows or sounds, in the words of the protocol.
public enum TrackSource {
  MICROPHONE("microphone", false),
  CAMERA("camera", true),
  SCREEN("screen", true),
  SCREEN_AUDIO("screenAudio", false);

  private final String wireName;
  private final boolean isVideo;

  TrackSource(String wireName, boolean isVideo) {
    this.wireName = wireName;
    this.isVideo = isVideo;
  }

  public String wireName() {
    return wireName;
  }

  public boolean isVideo() {
    return isVideo;
  }

  /// @throws IllegalArgumentException if there is no such word
  public static TrackSource ofWireName(String wireName) {
    for (TrackSource source : values()) {
      if (source.wireName.equals(wireName)) {
        return source;
      }
    }
    throw new IllegalArgumentException(wireName);
  }

  /// What a section is when the client does not say.
  static TrackSource ofKind(boolean isVideo) {
    return isVideo ? CAMERA : MICROPHONE;
  }
}
