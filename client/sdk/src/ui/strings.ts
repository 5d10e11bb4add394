/** The words of the call UI, in English; `{name}` and the like stand for what is filled in. */
export const ENGLISH = {
  callLabel: 'Call',
  you: 'You',
  connecting: 'Connecting…',
  waiting: 'Waiting for the other side…',
  reconnecting: 'The connection was lost. Reconnecting…',
  ended: 'The call has ended.',
  endedEveryoneLeft: 'The call has ended: everyone else has left.',
  endedByServer: 'The call was ended for everyone.',
  endedReplaced: 'The call goes on in another window.',
  endedIdle: 'The call has ended because nobody else was there.',
  endedFailed: 'The call cannot go on: the server could not be reached. Check your connection, then call again.',
  muteAudio: 'Mute microphone',
  unmuteAudio: 'Unmute microphone',
  pauseVideo: 'Turn camera off',
  resumeVideo: 'Turn camera on',
  startScreenShare: 'Share screen',
  stopScreenShare: 'Stop sharing',
  youShare: 'You are sharing your screen.',
  endCall: 'Hang up',
  settings: 'Settings',
  layout: 'Layout',
  layoutDefault: 'Automatic',
  layoutTile: 'Everyone alike',
  layoutSidebar: 'One large, the others beside',
  layoutSpotlight: 'Only who speaks',
  microphone: 'Microphone',
  camera: 'Camera',
  speaker: 'Speaker',
  device: 'Device {number}',
  enterFullScreen: 'Full screen',
  exitFullScreen: 'Leave full screen',
  pin: 'Show {name} large',
  unpin: 'Stop showing {name} large',
  previousPage: 'Previous page',
  nextPage: 'Next page',
  pages: 'Pages',
  screenOf: 'Screen of {name}',
  muted: 'microphone muted',
  cameraOff: 'camera off',
  speaking: 'speaking',
  qualityGood: 'good connection',
  qualityFair: 'fair connection',
  qualityPoor: 'poor connection',
  qualityLost: 'connection lost',
  joined: '{name} joined',
  left: '{name} left',
  participants: 'Participants',
  participantsCount: 'Participants ({count})',
  close: 'Close',
  host: 'host',
  raiseHand: 'Raise hand',
  lowerHand: 'Lower hand',
  handRaised: 'hand raised',
  raisedHand: '{name} raised a hand',
  muteOther: 'Mute {name}',
  stopOthersVideo: 'Turn the camera of {name} off',
  switchToVideo: 'Ask for video',
  askedForVideo: 'You asked for video. Waiting for an answer…',
  videoRequest: '{name} would like to see you. Turn this into a video call?',
  acceptVideo: 'Turn video on',
  declineVideo: 'Stay with sound',
  pictureInPicture: 'Keep the call on top in a small window',
  exitPictureInPicture: 'Close the small window',
  level: 'Microphone level',
  levelMuted: 'Your microphone is muted.',
  preview: 'Your camera',
  previewOff: 'Your camera is off.',
  previewAudio: 'This call has sound only.',
  previewWaiting: 'Waiting for your camera. The browser may ask whether this page may use it.',
  readyToJoin: 'Ready to join?',
  join: 'Join now',
  notNow: 'Not now',
  muteEveryone: 'Mute everyone',
  endForAll: 'End for everyone',
  endForAllQuestion: 'End the call for all {count}?',
  cancel: 'Cancel',
  find: 'Find somebody',
  nobodyFound: 'Nobody here has that name.',
  dismiss: 'Close this message',
  soundBlocked: 'The browser waits for a click before it plays sound.',
  playSound: 'Turn sound on',
  idle: 'Nobody else is here. The call ends in {seconds} s.',
  stay: 'Stay in the call',
};

/** Every word that the call UI says, by key. `setLocalizedStringObject` replaces any of them. */
export type CallStrings = Readonly<Record<keyof typeof ENGLISH, string>>;

/** The English words with those of `overrides` put over them. */
export function withOverrides(overrides: Readonly<Record<string, string>>): CallStrings {
  return { ...ENGLISH, ...overrides };
}

/** Fills `{name}` and the like. */
export function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
}

/** `m:ss`, or `h:mm:ss` from one hour on. */
export function clock(durationMs: number): string {
  const total = Math.max(0, Math.floor(durationMs / 1000));
  const seconds = String(total % 60).padStart(2, '0');
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3600);
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** At most two letters that stand for a name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return (
    letters
      .map((word) => Array.from(word ?? '')[0] ?? '')
      .join('')
      .toLocaleUpperCase() || '?'
  );
}

/** A hue in degrees that stays with a uid: its FNV-1a hash. */
export function hueOf(uid: string): number {
  let hash = 2_166_136_261;
  for (const character of uid) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619);
  }
  return (hash >>> 7) % 360;
}
