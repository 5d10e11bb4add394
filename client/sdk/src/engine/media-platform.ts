import { canChooseOutput, createLevelMeter, type LevelMeter } from './browsers.js';

/** A hidden element that plays sound; `HTMLAudioElement`, or a test's double. */
export interface AudioSink {
  srcObject: MediaProvider | null;
  play(): Promise<void>;
  /** Where the browser can choose the loudspeaker. */
  setSinkId?(deviceId: string): Promise<void>;
  remove(): void;
}

/** Everything the engine takes from the browser's media half. */
export interface MediaPlatform {
  /** False in a browser that was built without it, or where it is switched off. */
  readonly hasWebRtc: boolean;
  createPeerConnection(configuration: RTCConfiguration): RTCPeerConnection;
  /** Absent outside secure contexts. */
  readonly mediaDevices: MediaDevices | undefined;
  createAudioSink(track: MediaStreamTrack): AudioSink;
  /** Whether a sink can be moved to another loudspeaker. */
  readonly canChooseOutput: boolean;
  /** Undefined where loudness cannot be measured. */
  createLevelMeter(track: MediaStreamTrack): LevelMeter | undefined;
  /** Tells when the page goes away for good or into the back-forward cache. Returns the function that stops it. */
  onPageHide(listener: () => void): () => void;
}

/** The browser this runs in. */
export function browserMedia(): MediaPlatform {
  return {
    hasWebRtc: 'RTCPeerConnection' in globalThis,
    createPeerConnection: (configuration) => new RTCPeerConnection(configuration),
    mediaDevices: (navigator as Partial<Navigator>).mediaDevices,
    createAudioSink(track) {
      const element = document.createElement('audio');
      element.autoplay = true;
      element.hidden = true;
      element.dataset.belfry = 'audio';
      element.srcObject = new MediaStream([track]);
      document.body.append(element);
      return element;
    },
    canChooseOutput: canChooseOutput(HTMLMediaElement.prototype),
    createLevelMeter,
    onPageHide(listener) {
      addEventListener('pagehide', listener);
      return () => removeEventListener('pagehide', listener);
    },
  };
}
