import type { CallMode, EngineView } from '../engine/view.js';
import { notProvided } from '../not-provided.js';
import type { OngoingCallCallbacks } from './listener.js';
import { currentSession, listeners, running } from './runtime.js';

const NO_RECORDING = 'The server forwards media and does not record it.';
const NO_BACKGROUND = 'Pictures are sent as the camera gives them.';

/**
 * What an app does in a running session. A part of `CometChatCalls`; everything is static. What acts on a session throws
 * `ERR_NO_SESSION` when none runs.
 */
export class SessionControls {
  /** The running session as a user interface sees it, for an app that draws its own; else undefined. */
  static getSessionView(): EngineView | undefined {
    return currentSession()?.engine;
  }

  /** Mutes the microphone; with `false`, unmutes it. */
  static muteAudio(mute = true): void {
    void running().setAudioMuted(mute);
  }
  /** Unmutes the microphone; opens it when it was not open yet. */
  static unMuteAudio(): void {
    SessionControls.muteAudio(false);
  }
  /** Turns the camera off; with `false`, on. */
  static pauseVideo(pause = true): void {
    void running().setVideoMuted(pause);
  }
  /** Turns the camera on; opens it when it was not open yet. */
  static unPauseVideo(): void {
    SessionControls.pauseVideo(false);
  }
  /** The same as {@link SessionControls.unPauseVideo}; both spellings exist. */
  static resumeVideo(): void {
    SessionControls.pauseVideo(false);
  }
  /** Lets the person choose a screen or window to share. From a click or key handler. */
  static startScreenShare(): void {
    void running().startScreenShare();
  }
  /** Stops sharing the screen. Does nothing when none is shared. */
  static stopScreenShare(): void {
    void running().stopScreenShare();
  }
  /** Arranges the default layout: one of `CometChatCalls.CALL_MODE`. */
  static setMode(mode: CallMode): void {
    running().setMode(mode);
  }
  /** Takes the next camera, e.g. the one on the phone's back. */
  static switchCamera(): void {
    const engine = running();
    const { videoInputs, videoInputId } = engine.snapshot.devices;
    const next = (videoInputs.findIndex(({ deviceId }) => deviceId === videoInputId) + 1) % videoInputs.length;
    const device = videoInputs[next];
    if (device) void engine.setVideoInputDevice(device.deviceId);
  }
  /** Asks the others to turn the audio call into a video call; `onCallSwitchedToVideo` follows when one agrees. */
  static switchToVideoCall(): void {
    void running().requestVideo();
  }

  /** All microphones. Browsers tell their names only after permission. */
  static getAudioInputDevices(): MediaDeviceInfo[] {
    return [...running().snapshot.devices.audioInputs];
  }
  /** All loudspeakers; empty where the browser does not tell them. */
  static getAudioOutputDevices(): MediaDeviceInfo[] {
    return [...running().snapshot.devices.audioOutputs];
  }
  /** All cameras. Browsers tell their names only after permission. */
  static getVideoInputDevices(): MediaDeviceInfo[] {
    return [...running().snapshot.devices.videoInputs];
  }
  /** Takes another microphone, by `deviceId`. */
  static setAudioInputDevice(deviceId: string): void {
    void running().setAudioInputDevice(deviceId);
  }
  /** Takes another loudspeaker, where the browser can. */
  static setAudioOutputDevice(deviceId: string): void {
    void running().setAudioOutputDevice(deviceId);
  }
  /** Takes another camera. */
  static setVideoInputDevice(deviceId: string): void {
    void running().setVideoInputDevice(deviceId);
  }

  /** Listens to the running and every later session; a second listener with the same name replaces the first. */
  static addCallEventListener(name: string, listener: OngoingCallCallbacks): void {
    listeners.add(name, listener);
  }
  /** Removes the listener with this name. Does nothing when there is none. */
  static removeCallEventListener(name: string): void {
    listeners.remove(name);
  }

  /** Kept for compatibility: does nothing. */
  static startRecording(): void {
    notProvided('CometChatCalls.startRecording', NO_RECORDING);
  }
  /** Kept for compatibility: does nothing. */
  static stopRecording(): void {
    notProvided('CometChatCalls.stopRecording', NO_RECORDING);
  }
  /** Kept for compatibility: does nothing. */
  static openVirtualBackground(): void {
    notProvided('CometChatCalls.openVirtualBackground', NO_BACKGROUND);
  }
  /** Kept for compatibility: does nothing. */
  static closeVirtualBackground(): void {
    notProvided('CometChatCalls.closeVirtualBackground', NO_BACKGROUND);
  }
  /** Kept for compatibility: does nothing. */
  static setBackgroundBlur(_level: number): void {
    notProvided('CometChatCalls.setBackgroundBlur', NO_BACKGROUND);
  }
  /** Kept for compatibility: does nothing. */
  static setBackgroundImage(_image: string | Blob | object): void {
    notProvided('CometChatCalls.setBackgroundImage', NO_BACKGROUND);
  }
}
